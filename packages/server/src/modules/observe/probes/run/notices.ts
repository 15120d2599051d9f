import { PROBE_THRESHOLD, type ProbeConfirmation } from "@treadle/contract";
import { DAY_MS } from "../../../../kernel/day.ts";
import type { Notice } from "../../../system/notifications/index.ts";
import type { IncidentOpening, IncidentSource } from "../../incidents/index.ts";
import { evidenceOf } from "../statistics/evidence.ts";
import type { ProbeRow } from "../stores/probe-store.ts";

/** After so many runs without an answer, people are told once. */
export const SILENT_DAYS = 3;
const REOPEN_MS = DAY_MS;

const pathOf = ({ id }: ProbeRow) => `/probes/${id}`;
const modelOf = ({ settings: { model, region } }: ProbeRow) => (region === "" ? model : `${model} (${region})`);

export const sourceOf = ({ id, name }: ProbeRow): IncidentSource => ({ kind: "probe", id, name, series: "" });

export const noAnswersNotice = (
  probe: ProbeRow,
  { at, error }: { readonly at: Date; readonly error: string },
): Notice => ({
  subject: { kind: "probe", id: probe.id },
  event: "info",
  key: `${probe.id} no-answers ${at.toISOString()}`,
  severity: "warning",
  labels: probe.settings.labels,
  group: probe.id,
  title: `The probe "${probe.name}" got no answers for ${SILENT_DAYS} days`,
  text: `${modelOf(probe)} did not answer in ${SILENT_DAYS} daily runs. Silent changes are not detected until it answers. Missing answers do not count as evidence.`,
  facts: [
    { label: "Model", value: modelOf(probe) },
    { label: "Last error", value: error },
  ],
  links: [{ label: "Probe", path: pathOf(probe) }],
  at,
});

const textOfEvidence = (evidence: number): string =>
  evidence >= 1e6 ? evidence.toExponential(1) : String(Math.round(evidence));

/** The incident of a confirmed change. */
export function changeOpening(
  probe: ProbeRow,
  { confirmation, at, since }: { readonly confirmation: ProbeConfirmation; readonly at: Date; readonly since: Date },
): IncidentOpening {
  const evidence = textOfEvidence(evidenceOf(probe.detectors));
  return {
    source: sourceOf(probe),
    severity: probe.settings.severity,
    title: `${modelOf(probe)} has changed`,
    text: `The probe "${probe.name}" found that ${modelOf(probe)} answers differently from its reference. The evidence is ${evidence}, and ${PROBE_THRESHOLD} is expected falsely once a year. A second test with ${confirmation.samples} fresh samples confirms it (p = ${confirmation.pValue.toPrecision(2)}).`,
    from: since,
    at,
    filter: null,
    measure: null,
    facts: [
      { label: "Model", value: modelOf(probe) },
      { label: "Evidence", value: `${evidence} (threshold ${PROBE_THRESHOLD})` },
      {
        label: "Second test",
        value: `MMD² ${confirmation.value.toPrecision(3)}, p = ${confirmation.pValue.toPrecision(2)}`,
      },
      { label: "Reference since", value: probe.referenceSince.toISOString() },
      { label: "Evaluation", value: probe.settings.experimentId ?? "No evaluation pinned" },
    ],
    labels: probe.settings.labels,
    runbookUrl: null,
    reopenWithinMs: REOPEN_MS,
    isMuted: false,
  };
}
