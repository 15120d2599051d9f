import { PROBE_CONFIRMATION, PROBE_THRESHOLD, type ProbeSuspicion } from "@treadle/contract";
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

/** What confirmed the change. */
function sentenceOf({ repeated, confirmation }: ProbeSuspicion): string {
  if (repeated >= PROBE_CONFIRMATION) return "Later daily runs confirm it.";
  const { samples = 0, pValue = 1 } = confirmation ?? {};
  return `A second test with ${samples} fresh samples confirms it (p = ${pValue.toPrecision(2)}).`;
}

const testOf = ({ confirmation }: ProbeSuspicion): string =>
  confirmation === null
    ? "Not made"
    : `MMD² ${confirmation.value.toPrecision(3)}, p = ${confirmation.pValue.toPrecision(2)}`;

/** The incident of a confirmed change. */
export function changeOpening(
  probe: ProbeRow,
  { suspicion, at }: { readonly suspicion: ProbeSuspicion; readonly at: Date },
): IncidentOpening {
  const evidence = textOfEvidence(evidenceOf(probe.detectors));
  return {
    source: sourceOf(probe),
    severity: probe.settings.severity,
    title: `${modelOf(probe)} has changed`,
    text: `The probe "${probe.name}" found that ${modelOf(probe)} answers differently from its reference. The evidence is ${evidence}, and ${PROBE_THRESHOLD} is expected falsely once a year. ${sentenceOf(suspicion)}`,
    from: new Date(suspicion.since),
    at,
    filter: null,
    measure: null,
    facts: [
      { label: "Model", value: modelOf(probe) },
      { label: "Evidence", value: `${evidence} (threshold ${PROBE_THRESHOLD})` },
      { label: "Repeated evidence", value: `${textOfEvidence(suspicion.repeated)} (threshold ${PROBE_CONFIRMATION})` },
      { label: "Second test", value: testOf(suspicion) },
      { label: "Reference since", value: probe.referenceSince.toISOString() },
      { label: "Evaluation", value: probe.settings.experimentId ?? "No evaluation pinned" },
    ],
    labels: probe.settings.labels,
    runbookUrl: null,
    reopenWithinMs: REOPEN_MS,
    isMuted: false,
  };
}
