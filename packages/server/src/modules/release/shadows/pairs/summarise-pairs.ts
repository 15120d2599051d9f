import {
  SHADOW_MATCHES,
  type ShadowDifference,
  type ShadowMatch,
  type ShadowMatchKey,
  type ShadowOutcome,
  type ShadowResults,
} from "@treadle/contract";
import {
  alwaysValid,
  betaBinomialEValue,
  betaBinomialSequence,
  bettingEValues,
  bettingSequence,
  mcnemarExact,
} from "@treadle/metrics";
import type { AnswerNumbers, PairNumbers } from "../stores/pair-store.ts";

type Pairs = readonly PairNumbers[];

/** The paired results. `pairs` are in the order of time, since sequences look at them one after the other. */
export function summarisePairs(pairs: Pairs): ShadowResults {
  const answered = pairs.filter(({ primary, candidate }) => primary.status === "ok" && candidate.status === "ok");
  return {
    pairs: pairs.length,
    primaryConfigurations: distinct(answered, "primary"),
    candidateConfigurations: distinct(answered, "candidate"),
    matches: SHADOW_MATCHES.map((key) => toMatch(key, answered)),
    outcomes: [
      toOutcome("answered", pairs, ({ status }) => status === "ok"),
      toOutcome("complete", answered, ({ finishReason }) => finishReason !== "length"),
      toOutcome("valid", answered, ({ isValid }) => isValid),
      toOutcome("calls-tool", answered, ({ calls }) => calls > 0),
    ],
    differences: [
      toDifference("latency", answered, ({ durationMs }) => durationMs),
      toDifference("cost", answered, ({ costUsd }) => costUsd),
      toDifference("output-tokens", answered, ({ outputTokens }) => outputTokens),
    ],
  };
}

const distinct = (pairs: Pairs, side: "primary" | "candidate"): number =>
  new Set(pairs.map((pair) => `${pair[side].variant} ${pair[side].configHash}`)).size;

function toMatch(key: ShadowMatchKey, pairs: Pairs): ShadowMatch {
  const compared = pairs.filter(({ matches }) => matches[key] !== null);
  const n = compared.length;
  const matching = compared.filter(({ matches }) => matches[key]).length;
  return {
    key,
    pairs: n,
    matching,
    share: n === 0 ? null : matching / n,
    interval: n === 0 ? null : toTuple(betaBinomialSequence({ successes: matching, n })),
  };
}

/** Something that an answer does or does not; null if it does not apply to the answer. */
type Read<Value> = (answer: AnswerNumbers) => Value | null;

/** Only the pairs in which one side does it speak for a side. The evidence is a bet on that side being drawn by a fair coin. */
function toOutcome(key: ShadowOutcome["key"], pairs: Pairs, read: Read<boolean>): ShadowOutcome {
  const values = bothOf(pairs, read);
  const n = values.length;
  const primaryOnly = values.filter(([primary, candidate]) => primary && !candidate).length;
  const candidateOnly = values.filter(([primary, candidate]) => candidate && !primary).length;
  const shareOf = (side: 0 | 1) => (n === 0 ? null : values.filter((pair) => pair[side]).length / n);
  return {
    key,
    pairs: n,
    primary: shareOf(0),
    candidate: shareOf(1),
    primaryOnly,
    candidateOnly,
    pValue: mcnemarExact({ baseOnly: primaryOnly, headOnly: candidateOnly }),
    evidence: finite(betaBinomialEValue({ successes: candidateOnly, n: primaryOnly + candidateOnly }, 0.5)),
  };
}

function toDifference(key: ShadowDifference["key"], pairs: Pairs, read: Read<number>): ShadowDifference {
  const values = bothOf(pairs, read);
  const n = values.length;
  if (n === 0) return { ...NO_DIFFERENCE, key };
  const differences = values.map(([primary, candidate]) => candidate - primary);
  const relatives = values.map(([primary, candidate]) => relativeOf(primary, candidate));
  const halves = relatives.map((relative) => (relative + 1) / 2);
  const difference = meanOf(differences);
  const [low, high] = bettingSequence(halves);
  return {
    key,
    pairs: n,
    primary: meanOf(values.map(([primary]) => primary)),
    candidate: meanOf(values.map(([, candidate]) => candidate)),
    difference,
    interval: toTuple(alwaysValid({ n, mean: difference, variance: varianceOf(differences) })?.interval ?? null),
    relative: meanOf(relatives),
    relativeInterval: [2 * low - 1, 2 * high - 1],
    evidence: finite(bettingEValues(halves, 0.5).reduce((most, value) => Math.max(most, value), 0)),
  };
}

const NO_DIFFERENCE = {
  pairs: 0,
  primary: null,
  candidate: null,
  difference: null,
  interval: null,
  relative: null,
  relativeInterval: null,
  evidence: 1,
};

/** The values of the pairs in which both sides have one. */
function bothOf<Value>(pairs: Pairs, read: Read<Value>): (readonly [Value, Value])[] {
  return pairs.flatMap(({ primary, candidate }) => {
    const [one, other] = [read(primary), read(candidate)];
    return one === null || other === null ? [] : [[one, other] as const];
  });
}

/** Within −1 and 1, as a bet needs it, and the same for every unit of measurement. */
const relativeOf = (primary: number, candidate: number): number =>
  primary + candidate === 0 ? 0 : (candidate - primary) / (candidate + primary);

const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function varianceOf(values: readonly number[]): number {
  const mean = meanOf(values);
  return values.length < 2 ? 0 : values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
}

/** JSON has no infinity. */
const finite = (value: number): number => Math.min(value, Number.MAX_VALUE);
const toTuple = (interval: readonly [number, number] | null): [number, number] | null =>
  interval && [interval[0], interval[1]];
