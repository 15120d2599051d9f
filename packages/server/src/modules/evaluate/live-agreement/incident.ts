import { AGREEMENT_THRESHOLD } from "@treadle/contract";
import { wilsonInterval } from "@treadle/metrics";
import { DAY_MS } from "../../../kernel/day.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { IncidentOpening, IncidentSource } from "../../observe/incidents/index.ts";
import { startOf } from "./days.ts";
import type { LiveAgreementDeps } from "./deps.ts";
import { expectedRate, type Tally } from "./detector.ts";
import type { AgreementRow } from "./stores/agreement-store.ts";

const percent = (share: number) => `${(share * 100).toFixed(1)} %`;

export const sourceOf = (row: AgreementRow, ruleName: string): IncidentSource => ({
  kind: "live-rule",
  id: row.ruleId,
  name: ruleName,
  series: row.score,
});

function rateText({ pairs, disagreements }: Tally): string {
  const [low, high] = wilsonInterval({ successes: disagreements, n: pairs }) ?? [0, 1];
  return `${percent(pairs === 0 ? 0 : disagreements / pairs)} (95 % interval ${percent(low)} to ${percent(high)}, ${pairs} pairs)`;
}

const evidenceText = (evidence: number) => (evidence >= 1e6 ? evidence.toExponential(1) : String(Math.round(evidence)));

/** The incident of a judge that disagrees with people more often than before. */
export function worseOpening(
  row: AgreementRow,
  { ruleName, since, at }: { readonly ruleName: string; readonly since: Tally; readonly at: Date },
): IncidentOpening {
  const from = startOf(row.risingSince ?? row.lastDay);
  const reference = row.reference ?? row.collected;
  return {
    source: sourceOf(row, ruleName),
    severity: row.severity,
    title: `The judge "${row.score}" disagrees with people more often`,
    text: `Since ${from.toISOString().slice(0, 10)}, the scores "${row.score}" of the rule "${ruleName}" disagree with the human scores "${row.label}" on ${rateText(since)}. The reference is ${rateText(reference)}. Recalibrate the judge, change it, or accept the new rate.`,
    from,
    at,
    filter: null,
    measure: null,
    facts: [
      { label: "Disagreement", value: rateText(since) },
      { label: "Reference", value: rateText(reference) },
      { label: "Compared with", value: `${percent(expectedRate(reference))}, the reference's upper bound` },
      { label: "Evidence", value: `${evidenceText(row.evidence)} (threshold ${AGREEMENT_THRESHOLD})` },
    ],
    labels: {},
    runbookUrl: null,
    reopenWithinMs: DAY_MS,
    isMuted: false,
  };
}

type Recovery = {
  readonly scope: Scope;
  readonly row: AgreementRow;
  readonly ruleName: string;
  readonly text: string;
};

/** Resolves the incident of a judge, if there is one. */
export const recover = (
  { incidents, clock }: Pick<LiveAgreementDeps, "incidents" | "clock">,
  tx: Postgres,
  { scope, row, ruleName, text }: Recovery,
) => incidents.recover(tx, scope, { source: sourceOf(row, ruleName), at: new Date(clock.now()), text, isMuted: false });
