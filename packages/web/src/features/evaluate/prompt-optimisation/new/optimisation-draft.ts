import { OPTIMISATION_METHODS, OptimisationInput } from "@treadle/contract";
import { type DraftScorer, type ItemsDraft, type Problems, versionOf } from "../../experiments/index.ts";

export type Method = (typeof OPTIMISATION_METHODS)[number];
export { OPTIMISATION_METHODS as METHOD_NAMES };

/** An optimisation as it is edited. */
export type Draft = ItemsDraft & {
  readonly name: string;
  readonly promptName: string;
  /** A number, a label, or empty for production. */
  readonly promptVersion: string;
  readonly model: string;
  readonly reflectionModel: string;
  readonly scorers: readonly DraftScorer[];
  readonly method: Method;
  readonly minibatch: number;
  readonly merge: boolean;
  readonly examples: number;
  readonly trials: number;
  readonly feedback: number;
  readonly selection: number;
  readonly test: number;
  readonly maxTokensRatio: number | null;
  readonly answers: number;
  readonly usd: number | null;
  readonly tokens: number;
  readonly concurrency: number;
  readonly drawSeed: number;
};

/** An empty form with the API's defaults. */
export const BEGUN: Draft = {
  name: "",
  promptName: "",
  promptVersion: "",
  model: "",
  reflectionModel: "",
  datasetId: "",
  version: "main",
  split: "",
  filter: "",
  limit: null,
  seed: 1,
  scorers: [],
  method: "gepa",
  minibatch: 3,
  merge: true,
  examples: 4,
  trials: 16,
  feedback: 100,
  selection: 60,
  test: 200,
  maxTokensRatio: null,
  answers: 300,
  usd: null,
  tokens: 10_000_000,
  concurrency: 8,
  drawSeed: 1,
};

/** Shared properties of the form's parts. */
export type FormProps = { draft: Draft; change: (next: Partial<Draft>) => void; problems: Problems };

type Read = { input: OptimisationInput | undefined; problems: Problems };

const orNull = (text: string) => (text.trim() === "" ? null : text.trim());

/** The draft as an API request, validated like on the server. Errors use the first parts of their path, such as `parts.test`. */
export function readDraft(draft: Draft): Read {
  const problems: Record<string, string> = {};
  if (draft.datasetId === "") problems.dataset = "Choose a dataset.";
  if (draft.promptName === "") problems.prompt = "Choose a prompt.";
  if (draft.scorers.length === 0) problems.scorers = "Add a scorer. The optimisation improves the first one.";
  const { minibatch, merge, examples, trials, maxTokensRatio, concurrency, method } = draft;
  const result = OptimisationInput.safeParse({
    name: draft.name.trim() || `Optimise ${draft.promptName}`.slice(0, 100),
    prompt: { name: draft.promptName, ...versionOf(draft) },
    model: orNull(draft.model),
    reflectionModel: method === "gepa" ? orNull(draft.reflectionModel) : null,
    dataset: {
      datasetId: draft.datasetId,
      version: draft.version,
      split: draft.split || null,
      filter: draft.filter.trim(),
      limit: draft.limit,
      seed: draft.seed,
    },
    scorers: draft.scorers.map((one) =>
      "kind" in one ? { kind: one.kind, params: one.params } : { scorer: one.scorer },
    ),
    method,
    minibatch,
    merge,
    examples,
    trials,
    maxTokensRatio,
    concurrency,
    seed: draft.drawSeed,
    parts: { feedback: draft.feedback, selection: draft.selection, test: draft.test },
    budget: { answers: draft.answers, usd: draft.usd, tokens: draft.tokens },
  });
  for (const { path, message } of result.error?.issues ?? []) {
    const isDeep = path[0] === "parts" || path[0] === "budget" || path[0] === "scorers";
    problems[path.slice(0, isDeep ? 2 : 1).join(".")] ??= message;
  }
  return { input: Object.keys(problems).length === 0 ? result.data : undefined, problems };
}
