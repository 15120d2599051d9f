import { createHash } from "node:crypto";
import type { Judged, PairwiseVerdict, ScorerSample } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Used } from "../run/budget.ts";
import type { BoundScorer } from "../run/deps.ts";
import { OutageError, type Throttle } from "../run/throttle.ts";
import type { AnswerPair } from "./read-pairs.ts";
import type { Side } from "./side.ts";
import type { VerdictRow } from "./verdict-store.ts";

type JudgeDeps = {
  readonly judgingId: string;
  readonly projectId: string;
  readonly scorer: BoundScorer;
  readonly model: string;
  readonly throttle: Throttle;
  /** Finds an earlier verdict on the same two answers; null when they are not taken. */
  readonly findKept: ((pairHash: string) => Promise<VerdictRow | undefined>) | null;
};
type Said = Pick<VerdictRow, "state" | "winner" | "baseFirst" | "headFirst" | "reason" | "calls" | "costUsd"> &
  Partial<Pick<VerdictRow, "isSame" | "isCached">>;

const MOST_REASON = 20_000;
const NOTHING: Used = { calls: 0, tokens: 0, costUsd: 0 };
const NO_WORDS = { winner: null, baseFirst: null, headFirst: null, calls: [], costUsd: null };

/** Whose answer is better, asked in both orders. What needs no judge costs nothing: the same answers, and what was judged before. */
export async function judgePair(
  deps: JudgeDeps,
  pair: AnswerPair,
  signal: AbortSignal,
): Promise<{ row: VerdictRow; used: Used }> {
  const { judgingId, projectId, scorer, findKept } = deps;
  const isTurned = pair.baseText > pair.headText;
  const pairHash = hashOf(scorer, pair);
  const key = { judgingId, itemId: pair.item.itemId, baseRunId: pair.base.id, headRunId: pair.head.id, projectId };
  const rowOf = (said: Said): VerdictRow => ({ ...key, isSame: false, isCached: false, ...said, pairHash, isTurned });
  if (pair.isOtherItem)
    return {
      row: rowOf({ state: "undefined", reason: "The runs answered different inputs.", ...NO_WORDS }),
      used: NOTHING,
    };
  if (pair.baseText === pair.headText) {
    const tie = { winner: "tie" as const, baseFirst: null, headFirst: null, calls: [], costUsd: 0 };
    return {
      row: rowOf({ state: "scored", reason: "Both answers are the same.", isSame: true, ...tie }),
      used: NOTHING,
    };
  }
  const stored = await findKept?.(pairHash);
  if (stored) return { row: rowOf(fromKept(stored, isTurned)), used: NOTHING };
  const { judged, used } = await requestVerdict(deps, pair, signal);
  return { row: rowOf(toSaid(judged)), used };
}

/** The same for both orders of two answers. */
export function hashOf({ signature }: BoundScorer, { item, baseText, headText }: AnswerPair): string {
  const facts = [signature, item.inputs, ...[baseText, headText].sort()];
  return createHash("sha256").update(JSON.stringify(facts)).digest("base64url");
}

const TURNED: Readonly<Record<Side, Side>> = { base: "head", head: "base", tie: "tie" };
const turn = (side: Side | null): Side | null => side && TURNED[side];

function fromKept(kept: VerdictRow, isTurned: boolean): Said {
  const { state, winner, baseFirst, headFirst, reason, calls } = kept;
  const verdict = { state, reason, isCached: true, costUsd: 0 };
  if (kept.isTurned === isTurned) return { ...verdict, winner, baseFirst, headFirst, calls };
  return {
    ...verdict,
    winner: turn(winner),
    baseFirst: turn(headFirst),
    headFirst: turn(baseFirst),
    calls: calls.map((call) => ({
      ...call,
      first: call.first === "base" ? ("head" as const) : ("base" as const),
      better: turn(call.better),
    })),
  };
}

/** After a rate limit, the call is retried after a while, as often as the throttle allows. */
async function requestVerdict({ scorer, model, throttle }: JudgeDeps, pair: AnswerPair, signal: AbortSignal) {
  const sample: ScorerSample = {
    input: pair.item.inputs,
    output: pair.headText,
    expected: pair.baseText,
    metadata: {},
    ...(pair.head.variant?.model && { model: pair.head.variant.model }),
  };
  let used = NOTHING;
  const score = async (): Promise<Judged> => {
    const judged = await scorer.score(sample, { signal });
    const costUsd = used.costUsd === null || judged.costUsd === null ? null : used.costUsd + judged.costUsd;
    used = { calls: used.calls + (judged.tokens > 0 ? 2 : 0), tokens: used.tokens + judged.tokens, costUsd };
    const code = judged.details?.errorCode;
    if (code === "rate_limited" || code === "overloaded") throw new AppError(code, { message: judged.reason });
    return judged;
  };
  try {
    return { judged: await throttle(model, signal, score), used };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof AppError) || error instanceof OutageError) throw error;
    const failure: Judged = {
      state: "failed",
      value: null,
      label: null,
      reason: error.message,
      costUsd: null,
      tokens: 0,
    };
    return { judged: failure, used };
  }
}

const SIDES: Readonly<Record<string, Side>> = { first: "head", second: "base", tie: "tie" };
const LABELS: Readonly<Record<string, Side>> = { win: "head", loss: "base", tie: "tie" };
const sideOf = (word: unknown): Side | null => (typeof word === "string" ? (SIDES[word] ?? null) : null);

/** The judge was given the head's answer as the one to be judged, so it stands first in the first of its two calls. */
function toSaid({ state, label, reason, details = {}, costUsd, tokens }: Judged): Said {
  const [headFirst, baseFirst] = [sideOf(details.there), sideOf(details.back)];
  const verdict = { state, reason: reason.slice(0, MOST_REASON), costUsd: tokens > 0 ? costUsd : null };
  const calls = Array.isArray(details.calls) ? details.calls : "rawAnswer" in details ? [details] : [];
  return {
    ...verdict,
    winner: state === "scored" && label !== null ? (LABELS[label] ?? null) : null,
    baseFirst,
    headFirst,
    calls: calls.filter(isRecord).map((call, at) => toCall(call, { at, headFirst, baseFirst })),
  };
}

type Place = { readonly at: number; readonly headFirst: Side | null; readonly baseFirst: Side | null };

function toCall(
  call: Readonly<Record<string, unknown>>,
  { at, headFirst, baseFirst }: Place,
): PairwiseVerdict["calls"][number] {
  const text = (value: unknown) => (typeof value === "string" ? value : null);
  return {
    first: at === 0 ? "head" : "base",
    better: at === 0 ? headFirst : baseFirst,
    rawAnswer: text(call.rawAnswer) ?? "",
    parseStatus: text(call.parseStatus) ?? "",
    traceId: text(call.traceId),
    spanId: text(call.spanId),
  };
}
