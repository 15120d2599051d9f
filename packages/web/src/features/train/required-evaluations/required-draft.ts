import { RequiredEvaluationInput } from "@treadle/contract";
import type { DraftMessage, DraftScorer, ItemsDraft, Problems } from "../../evaluate/experiments/index.ts";

/** A required evaluation while it is edited. */
export type RequiredDraft = ItemsDraft & {
  readonly name: string;
  readonly scorers: readonly DraftScorer[];
  /** Null to use the item's own messages. */
  readonly messages: readonly DraftMessage[] | null;
  /** In percent of the score range. */
  readonly margin: number;
  readonly maxTokens: number;
};

export const BEGUN: RequiredDraft = {
  name: "",
  datasetId: "",
  version: "main",
  split: "",
  filter: "",
  limit: null,
  seed: 1,
  scorers: [],
  messages: null,
  margin: 2,
  maxTokens: 256,
};

type Read = { input: RequiredEvaluationInput | undefined; problems: Problems };

/** The draft as an API request, validated like on the server, with errors by field. */
export function readRequired({ name, scorers, messages, margin, maxTokens, ...items }: RequiredDraft): Read {
  const problems: Record<string, string> = {};
  if (items.datasetId === "") problems.dataset = "Choose a dataset.";
  if (scorers.length === 0) problems.scorers = "Add a scorer. The first one decides the verdict.";
  if (!Number.isInteger(maxTokens) || maxTokens < 1) problems.maxTokens = "Enter a whole number of at least 1.";
  const result = RequiredEvaluationInput.safeParse({
    name,
    dataset: {
      datasetId: items.datasetId,
      version: items.version,
      split: items.split || null,
      filter: items.filter.trim(),
      limit: items.limit,
      seed: items.seed,
    },
    messages: messages?.map(({ role, content }) => ({ role, content })) ?? null,
    scorers: scorers.map((one) => ("kind" in one ? { kind: one.kind, params: one.params } : { scorer: one.scorer })),
    parameters: { temperature: 0, max_tokens: maxTokens },
    margin: margin / 100,
  });
  if (!result.success)
    for (const { path, message } of result.error.issues) problems[String(path[0] ?? "name")] ??= message;
  const isWhole = result.success && Object.keys(problems).length === 0;
  return { input: isWhole ? result.data : undefined, problems };
}
