import type { Incident, IncidentEvent, Segment } from "./use-incidents.ts";

export const STATE_WORDS: Readonly<Record<Incident["state"], string>> = {
  open: "Open",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
};
export const SOURCE_WORDS: Readonly<Record<Incident["source"]["kind"], string>> = {
  monitor: "Monitor",
  probe: "Probe",
  "live-rule": "Live rule",
  manual: "Opened by a person",
};
export const EVENT_WORDS: Readonly<Record<IncidentEvent["kind"], string>> = {
  opened: "Opened",
  escalated: "Escalated",
  severity: "Severity changed",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
  reopened: "Reopened",
  owner: "Owner changed",
  edited: "Edited",
  evidence: "Evidence collected",
  rollout: "Rollout",
};

const DIMENSION_WORDS: Readonly<Record<string, string>> = {
  promptVersion: "prompt version",
  errorType: "error type",
  guardPolicy: "guard policy",
  guardAction: "guard action",
  guardLanguage: "language",
};
const wordOf = (dimension: string): string => DIMENSION_WORDS[dimension] ?? dimension;

/** The parts of a segment in words, such as `model gpt-x`. */
export const partsOf = ({ parts }: Pick<Segment, "parts">): readonly { name: string; value: string }[] =>
  parts.map(({ dimension, value }) => ({ name: wordOf(dimension), value: value === "" ? "none" : value }));

/** The source with its series, such as `Error rate, gpt-x`. If the title begins with its name, only its kind. */
export function sourceName({ source, title }: Pick<Incident, "source" | "title">): string {
  const kind = SOURCE_WORDS[source.kind];
  if (source.kind === "manual" || source.name === "" || title.startsWith(source.name)) return kind;
  return [source.name, source.series].filter((part) => part !== "").join(", ");
}

/** One line about an incident: what its source measured, or who opened it. */
export const aboutWords = (incident: Pick<Incident, "source" | "title" | "text">): string =>
  (incident.source.kind === "manual" ? "" : incident.text) || sourceName(incident);

/** A p-value: small ones as a bound. */
export const pWords = (p: number): string => (p < 0.001 ? "<0.001" : String(Number(p.toPrecision(2))));
