import type { Incident, IncidentEvent, Segment } from "./use-incidents.ts";

export const STATE_WORDS: Readonly<Record<Incident["state"], string>> = {
  open: "Open",
  acknowledged: "Acknowledged",
  resolved: "Resolved",
};
export const SEVERITY_WORDS: Readonly<Record<Incident["severity"], string>> = {
  info: "Info",
  warning: "Warning",
  critical: "Critical",
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

/** The source with its series, such as `Error rate, gpt-x`. */
export const sourceName = ({ source }: Pick<Incident, "source">): string =>
  source.kind === "manual"
    ? SOURCE_WORDS.manual
    : [source.name || SOURCE_WORDS[source.kind], source.series].filter((part) => part !== "").join(", ");

/** A p-value: small ones as a bound. */
export const pWords = (p: number): string => (p < 0.001 ? "<0.001" : String(Number(p.toPrecision(2))));
