import type { Comparison, Interval, Match, Ranking, RunsToCompare, ScoreRange } from "@treadle/metrics";
import type { DriftAnswer, DriftOrder } from "./find-drift.ts";
import type { TruthAnswer, TruthOrder } from "./find-truth.ts";
import type { Agreed, AgreementAnswer, AgreementOrder } from "./measure-agreement.ts";
import type { RatersAnswer, RatersOrder } from "./measure-raters.ts";
import type { SharesOrder } from "./measure-shares.ts";

/** A metric of a whole set, by the kind of scorer whose statistics these are. */
export type CorpusOrder = {
  readonly kind: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly base: readonly (readonly number[])[];
  readonly head: readonly (readonly number[])[];
  readonly margin: number;
  readonly alpha: number;
  readonly higherIsBetter: boolean;
};
/** One row for each item, of which the metric of the whole set is computed. */
export type CorpusIntervalOrder = Pick<CorpusOrder, "kind" | "params" | "alpha"> & {
  readonly rows: readonly (readonly number[])[];
};
/** Means of two groups of items that are not the same. */
export type GroupsOrder = {
  readonly inside: readonly number[];
  readonly outside: readonly number[];
  readonly alpha: number;
  readonly range: ScoreRange;
};
export type GroupsAnswer = {
  readonly difference: number;
  /** Null if a group has no spread and there is no range for unseen items. */
  readonly interval: Interval | null;
  readonly pValue: number;
} | null;
/** Scores of the same items by run, by index. Null if a run has none. */
export type RankingOrder = {
  readonly names: readonly string[];
  readonly values: readonly (readonly (number | null)[])[];
  readonly higherIsBetter: boolean;
};
/** Comparisons of answers, what each belongs to, such as an item, and what is taken out of their ratings. */
export type MatchesOrder = {
  readonly matches: readonly Match[];
  readonly clusters?: readonly string[];
  readonly controlLength?: boolean;
  readonly controlStyles?: readonly string[];
};

/** The functions of the thread. */
export type Orders = {
  compare: { order: readonly RunsToCompare[]; answer: Comparison[] };
  corpus: { order: CorpusOrder; answer: Comparison };
  corpusInterval: { order: CorpusIntervalOrder; answer: Interval | null };
  groups: { order: readonly GroupsOrder[]; answer: GroupsAnswer[] };
  raters: { order: readonly RatersOrder[]; answer: RatersAnswer[] };
  shares: { order: readonly SharesOrder[]; answer: Agreed[] };
  agreement: { order: AgreementOrder; answer: AgreementAnswer };
  rank: { order: RankingOrder; answer: Ranking };
  matches: { order: MatchesOrder; answer: Ranking };
  drift: { order: DriftOrder; answer: DriftAnswer };
  truth: { order: TruthOrder; answer: TruthAnswer };
};
