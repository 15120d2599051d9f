import type { Answer, Client, RequestFor } from "../client.ts";
import type { Source } from "./find-source.ts";

export type Run = Answer<"GET /api/v1/runs/:runId">;
export type Decision = Answer<"POST /api/v1/gates/decide">;
export type RunItem = Answer<"GET /api/v1/runs/:runId/items">["items"][number];
export type ScorerRef = RequestFor<"POST /api/v1/scorers/try">["body"]["ref"];
/** A kind such as `exact-match`, a stored scorer (`polite`, `polite@3`), or either with its parameters. */
export type ScorerChoice = string | ScorerRef;

export type EvaluationItem = {
  /** Made from the inputs where it is left out, so that it stays the same from run to run. */
  readonly itemId?: string;
  readonly inputs: Readonly<Record<string, unknown>>;
  readonly expected?: unknown;
  readonly metadata?: Readonly<Record<string, unknown>>;
  readonly split?: string | null;
};

export type ToolCall = { readonly name: string; readonly arguments: unknown };
/** What a program answered; a text alone is enough. */
export type TaskAnswer = {
  readonly output: string;
  /** What was retrieved for it, the best first. */
  readonly documents?: readonly string[];
  readonly toolCalls?: readonly ToolCall[];
  readonly costUsd?: number | null;
  readonly inputTokens?: number | null;
  readonly outputTokens?: number | null;
};
/** The program under test. What it throws is an answer that never came; an `AssertionError` ends the evaluation. */
export type Task = (
  item: EvaluationItem & { readonly itemId: string },
  about: { readonly repeat: number; readonly signal: AbortSignal },
) => unknown;

export type EvaluationOptions = {
  readonly client: Client;
  /** Runs of one name are each other's history. Letters, digits, spaces and . _ / - */
  readonly name: string;
  /** Items, or a dataset of the server: its name, and `@` with a version. */
  readonly items: Iterable<EvaluationItem> | AsyncIterable<EvaluationItem> | string;
  /** Gives a text, a `TaskAnswer`, or anything else, which is then scored as JSON. */
  readonly task: Task;
  /** The first is the main one. */
  readonly scorers: readonly ScorerChoice[];
  /** The least that each score must reach, by its name; a number is for the main one. Where less is better, a ceiling. */
  readonly floor?: number | Readonly<Record<string, number>>;
  /** What to compare with: the last green run of this name on a branch, or a run. */
  readonly baseline?: { readonly branch: string } | { readonly runId: string };
  /** How much worse than the baseline still passes, as a share of a score's range; 0.02 when left out. */
  readonly margin?: number;
  /** Answers to each item; 1 when left out. */
  readonly repeats?: number;
  /** The number of items answered at once. The default is 4. */
  readonly concurrency?: number;
  /** An inconclusive result passes and is reported, unless this is `fail`. */
  readonly inconclusive?: "pass" | "fail";
  /** More answers than this share that never came decide nothing; 0.05 when left out. */
  readonly maxErrorShare?: number;
  readonly tags?: readonly string[];
  /** Where the run belongs; `findSource` finds it. */
  readonly source?: Source;
  readonly signal?: AbortSignal;
};

export type Evaluation = {
  /** `inconclusive` also where it was let through. */
  readonly outcome: Decision["outcome"];
  /** Whether the test continues. */
  readonly hasPassed: boolean;
  readonly run: Run;
  readonly decision: Decision;
  /** The items with the worst main score, and those without an answer. */
  readonly worst: readonly RunItem[];
  /** Everything above as a table, for a terminal. */
  readonly text: string;
};
