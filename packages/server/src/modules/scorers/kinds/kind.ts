import type { Judged, ScorerKind, ScorerOutput, ScorerSample } from "@treadle/contract";
import type { z } from "zod";
import type { ScorerMeans, ScorerTools } from "../scorer-tools.ts";

/** What a kind says of a sample; what its calls cost is added by whoever counts them. */
export type Verdict = Omit<Judged, "costUsd" | "tokens">;
export type ScoreSample = (sample: ScorerSample, tools: ScorerTools) => Verdict | Promise<Verdict>;

/** The score of many samples, from the sums of their `stats`; null when it does not exist. */
export type FromStats = (sums: readonly number[]) => number | null;

/** How often a model is asked about one sample; null for the model that answered it. */
export type JudgeCalls = { readonly model: string | null; readonly least: number; readonly most: number };

/** One kind of scorer. Its parameters are also the form in the interface. */
export type Kind<Params extends z.ZodType = z.ZodType> = {
  readonly id: string;
  readonly label: string;
  readonly group: ScorerKind["group"];
  /** What it gives and when there is none, in a sentence or two. */
  readonly summary: string;
  readonly params: Params;
  readonly output: ScorerOutput;
  readonly needs: ScorerKind["needs"];
  /** The method and its options; the id with all parameters when it is left out. */
  signature?(params: z.output<Params>): string;
  /** All that a judge is told beside the sample, so that a change of it is seen. */
  prompt?(params: z.output<Params>): string;
  /** Whom it asks, and how often; its `model` once when it is left out and a judge is told something. */
  calls?(params: z.output<Params>): readonly JudgeCalls[];
  /** For a score of many samples that is not the mean of theirs. */
  fromStats?(params: z.output<Params>): FromStats;
  /** What else is known of many samples, such as a confusion matrix. */
  describe?(params: z.output<Params>, judged: readonly Judged[]): Readonly<Record<string, unknown>>;
  /** What is wrong with parameters that are well formed, found without scoring anything; null when nothing is. */
  check?(params: z.output<Params>, means: Pick<ScorerMeans, "sandbox">): string | null;
  /** Done once before any sample. Throws `unprocessable` for parameters that are well formed and cannot be used. */
  open(params: z.output<Params>): ScoreSample;
};

/** Checks a kind against the shape of its own parameters. */
export const defineKind = <Params extends z.ZodType>(kind: Kind<Params>): Kind<Params> => kind;

type More = Partial<Pick<Verdict, "label" | "reason" | "stats" | "details">>;

export const scored = (value: number, { label = null, reason = "", ...more }: More = {}): Verdict =>
  Number.isFinite(value)
    ? { state: "scored", value, label, reason, ...more }
    : failed(`The score is ${value}, which is no number.`, more.details);

/** There is no score for this sample, and nothing went wrong. */
export const unscored = (reason: string, details?: Verdict["details"]): Verdict => ({
  ...{ state: "undefined", value: null, label: null, reason },
  ...(details && { details }),
});

/** There should be a score, and there is none. */
export const failed = (reason: string, details?: Verdict["details"]): Verdict => ({
  ...{ state: "failed", value: null, label: null, reason },
  ...(details && { details }),
});

export const truth = (isTrue: boolean, reason = "", more: More = {}): Verdict =>
  scored(isTrue ? 1 : 0, { ...more, reason });

const output = (type: ScorerOutput["type"], min: number | null, max: number | null) => ({ type, min, max, unit: "" });
export const SHARE: ScorerOutput = { ...output("number", 0, 1), direction: "higher" };
export const PERCENT: ScorerOutput = { ...output("number", 0, 100), direction: "higher", unit: "%" };
export const YES_NO: ScorerOutput = { ...output("boolean", 0, 1), direction: "higher" };
export const amount = (unit: string, direction: ScorerOutput["direction"]): ScorerOutput => ({
  ...output("number", 0, null),
  ...{ direction, unit },
});
