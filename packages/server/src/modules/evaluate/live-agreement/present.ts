import {
  AGREEMENT_THRESHOLD,
  type AgreementDay,
  type Estimate,
  FEWEST_PAIRS,
  FIRST_PAIRS,
  type LiveAgreement,
  RECENT_DAYS,
} from "@treadle/contract";
import { wilsonInterval } from "@treadle/metrics";
import { countOf } from "../../../kernel/count-of.ts";
import { toEstimate } from "../calibration/index.ts";
import { dayPlus } from "./days.ts";
import { sumOf, type Tally } from "./detector.ts";
import { tooFew } from "./measure-kappa.ts";
import type { AgreementRow } from "./stores/agreement-store.ts";
import type { DayRow } from "./stores/day-store.ts";

type Recent = LiveAgreement["recent"];

const rateOf = ({ pairs, disagreements }: Tally): Estimate =>
  pairs === 0
    ? toEstimate(null, "There are no pairs.")
    : toEstimate(
        { value: disagreements / pairs, interval: wilsonInterval({ successes: disagreements, n: pairs }) },
        null,
      );

/** The 30 days up to a day. */
export function recentAt(days: readonly DayRow[], day: string): Recent {
  const from = dayPlus(day, 1 - RECENT_DAYS);
  const tally = sumOf(days.filter((one) => one.day >= from && one.day <= day));
  const kappa = days.find((one) => one.day === day)?.kappa ?? toEstimate(null, tooFew(tally.pairs));
  return { ...tally, rate: rateOf(tally), kappa };
}

export const toDay = ({ day, pairs, disagreements, evidence }: DayRow, recent: Recent): AgreementDay => ({
  day,
  pairs,
  disagreements,
  evidence,
  recent,
});

type Shown = { readonly names: ReadonlyMap<string, string>; readonly recent: Recent };

export const toAgreement = (row: AgreementRow, { names, recent }: Shown): LiveAgreement => ({
  agreementId: row.id,
  ruleId: row.ruleId,
  score: row.score,
  label: row.label,
  scale: row.scale,
  passAt: row.passAt,
  tolerance: row.tolerance,
  severity: row.severity,
  state: stateOf(row),
  note: noteOf(row, recent),
  reference: row.reference && { ...row.reference, rate: rateOf(row.reference) },
  recent,
  evidence: row.evidence,
  threshold: AGREEMENT_THRESHOLD,
  worseSince: row.worseSince,
  lastDay: row.lastDay,
  lastError: row.lastError,
  createdBy: names.get(row.createdBy) ?? row.createdBy,
  createdAt: row.createdAt.toISOString(),
});

function stateOf({ worseSince, reference }: AgreementRow): LiveAgreement["state"] {
  if (worseSince !== null) return "worse";
  return reference === null ? "collecting" : "watching";
}

function noteOf({ reference, collected }: AgreementRow, recent: Recent): string {
  if (reference === null)
    return `Not enough pairs: ${countOf(collected.pairs, "pair")} of the ${FIRST_PAIRS} that the reference needs.`;
  return recent.pairs < FEWEST_PAIRS
    ? `Not enough pairs in the last ${RECENT_DAYS} days: ${countOf(recent.pairs, "pair")} of ${FEWEST_PAIRS}.`
    : "";
}
