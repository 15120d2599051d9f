import { AGREEMENT_THRESHOLD, type AgreementReference, FIRST_PAIRS } from "@treadle/contract";
import { nextEvidence, rateFactor, wilsonInterval } from "@treadle/metrics";
import { startOf } from "./days.ts";

export type Tally = { readonly pairs: number; readonly disagreements: number };
export type DayTally = Tally & { readonly day: string };
export type DetectorState = {
  /** Null while pairs are collected. */
  readonly reference: AgreementReference | null;
  /** The pairs so far while there is no reference. */
  readonly collected: Tally;
  readonly evidence: number;
  /** The first day of the evidence. Null while there is none. */
  readonly risingSince: string | null;
  readonly worseSince: string | null;
};
export type DayEvent = "worse" | "recovered" | null;

export const NO_PAIRS: Tally = { pairs: 0, disagreements: 0 };
/** A judge recovers only after so many pairs since the incident. */
const FEWEST_AFTER = 20;
const MOST_RATE = 0.99;

export const sumOf = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (sum, { pairs, disagreements }) => ({
      pairs: sum.pairs + pairs,
      disagreements: sum.disagreements + disagreements,
    }),
    NO_PAIRS,
  );

/**
 * The rate that evidence is collected against: the upper bound of the reference. Its point estimate would ring for a reference that
 * was good by chance.
 */
export function expectedRate({ pairs, disagreements }: Tally): number {
  const [, upper] = wilsonInterval({ successes: disagreements, n: pairs }) ?? [0, 1];
  return Math.min(MOST_RATE, upper);
}

/** A detector that begins again with a reference. */
export const startAgain = (reference: AgreementReference | null): DetectorState => ({
  reference,
  collected: NO_PAIRS,
  evidence: 0,
  risingSince: null,
  worseSince: null,
});

/**
 * The detector after one more day, with the recent days, of which the last is this day. An e-detector (Shin, Ramdas and Rinaldo
 * 2023) combines one factor per day. A day without pairs changes nothing, so false alarms only become rarer.
 */
export function addDay(state: DetectorState, recent: readonly DayTally[]): { state: DetectorState; event: DayEvent } {
  const today = recent.at(-1);
  if (!today) return { state, event: null };
  if (state.reference === null) return { state: collect(state, today), event: null };
  if (today.pairs === 0 || today.day <= state.reference.day) return { state, event: null };
  const next = { ...state, ...evidenceAfter(state, state.reference, today) };
  if (state.worseSince !== null) {
    const isBack = isBelow(state.reference, sumOf(recent)) && isGoodSince(state.reference, state.worseSince, recent);
    return isBack ? { state: startAgain(state.reference), event: "recovered" } : { state: next, event: null };
  }
  return next.evidence >= AGREEMENT_THRESHOLD
    ? { state: { ...next, worseSince: today.day }, event: "worse" }
    : { state: next, event: null };
}

function collect(state: DetectorState, today: DayTally): DetectorState {
  const collected = sumOf([state.collected, today]);
  if (collected.pairs < FIRST_PAIRS) return { ...state, collected };
  const setAt = startOf(today.day).toISOString();
  return startAgain({ kind: "first-pairs", ...collected, day: today.day, setAt, calibrationId: null });
}

function evidenceAfter(state: DetectorState, reference: AgreementReference, { day, pairs, disagreements }: DayTally) {
  const factor = rateFactor({ successes: disagreements, n: pairs }, expectedRate(reference));
  const evidence = nextEvidence(state.evidence, factor);
  return { evidence, risingSince: evidence > 1 ? (state.evidence > 1 ? state.risingSince : day) : null };
}

const isBelow = (reference: AgreementReference, { pairs, disagreements }: Tally) =>
  pairs > 0 && disagreements / pairs < expectedRate(reference);

/** The days since the incident began count alone too: good days before it must not end it. */
function isGoodSince(reference: AgreementReference, since: string, recent: readonly DayTally[]): boolean {
  const after = sumOf(recent.filter(({ day }) => day > since));
  return after.pairs >= FEWEST_AFTER && isBelow(reference, after);
}
