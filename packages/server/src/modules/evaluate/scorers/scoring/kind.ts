import type { Judged, ScorerKind, ScorerOutput, ScorerSample } from "@treadle/contract";
import type { z } from "zod";
import type { ScorerMeans, ScorerTools } from "./scorer-tools.ts";

/** The score of a sample. The caller adds the cost of the calls. */
export type Verdict = Omit<Judged, "costUsd" | "tokens">;
export type ScoreSample = (sample: ScorerSample, tools: ScorerTools) => Verdict | Promise<Verdict>;

/** The score of many samples, from the sums of their `stats`; null when it does not exist. */
export type FromStats = (sums: readonly number[]) => number | null;

/** How often a model is called per sample. Null for the model that answered it. */
export type JudgeCalls = { readonly model: string | null; readonly least: number; readonly most: number };

/** One kind of scorer. Its parameters are also the form in the interface. */
export type Kind<Params extends z.ZodType = z.ZodType> = {
  readonly id: string;
  readonly label: string;
  readonly group: ScorerKind["group"];
  /** The score, and when it is undefined, in a sentence or two. */
  readonly summary: string;
  readonly params: Params;
  readonly output: ScorerOutput;
  readonly needs: ScorerKind["needs"];
  /** The method and its options; the id with all parameters when it is left out. */
  signature?(params: z.output<Params>): string;
  /** The instructions to the judge, apart from the sample. They are part of the signature, so a change is noticed. */
  prompt?(params: z.output<Params>): string;
  /** The models that it calls, and how often. */
  calls?(params: z.output<Params>): readonly JudgeCalls[];
  /** For a score of many samples that is not the mean of theirs. */
  fromStats?(params: z.output<Params>): FromStats;
  /** Further results for many samples, such as a confusion matrix. */
  describe?(params: z.output<Params>, judged: readonly Judged[]): Readonly<Record<string, unknown>>;
  /** The problem of well-formed parameters, found without scoring. Null if there is none. */
  check?(params: z.output<Params>, means: Pick<ScorerMeans, "sandbox">): string | null;
  /** Done once before any sample. Throws `unprocessable` for parameters that are well formed and cannot be used. */
  open(params: z.output<Params>): ScoreSample;
};

/** Checks a scorer kind against its parameter schema. */
export const defineKind = <Params extends z.ZodType>(kind: Kind<Params>): Kind<Params> => kind;

type More = Partial<Pick<Verdict, "label" | "reason" | "stats" | "details">>;

export const scored = (value: number, { label = null, reason = "", ...more }: More = {}): Verdict =>
  Number.isFinite(value)
    ? { state: "scored", value, label, reason, ...more }
    : failed(`The score is ${value}, which is not a number.`, more.details);

/** There is no score for this sample, and no error. */
export const unscored = (reason: string, details?: Verdict["details"]): Verdict => ({
  state: "undefined",
  value: null,
  label: null,
  reason,
  ...(details && { details }),
});

/** The score is missing because of an error. */
export const failed = (reason: string, details?: Verdict["details"]): Verdict => ({
  state: "failed",
  value: null,
  label: null,
  reason,
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
  direction,
  unit,
});
