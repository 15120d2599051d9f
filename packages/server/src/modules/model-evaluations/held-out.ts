import type { Item, RequiredEvaluationInput } from "@treadle/contract";
import type { Scope } from "../../kernel/scope.ts";
import type { MeasuredVersion, ModelEvaluationDeps } from "./deps.ts";

/** Splits that training leaves alone, before those that it evaluates on: the first that a version has is measured. */
const SPLITS = ["test", "holdout", "validation", "val", "eval", "dev"] as const;
/** Expected texts up to this long, in characters, are compared as they are; longer ones by how like they are. */
const SHORT = 60;
const MOST_ITEMS = 500;

type Places = { readonly scope: Scope; readonly signal: AbortSignal };

/** What a version is measured on that it was not trained on: a split of each of its datasets. None where there is no such split. */
export async function heldOutOf(
  { datasets }: Pick<ModelEvaluationDeps, "datasets">,
  { data }: Pick<MeasuredVersion, "data">,
  { scope, signal }: Places,
): Promise<RequiredEvaluationInput[]> {
  const found: RequiredEvaluationInput[] = [];
  for (const { datasetId, version } of data) {
    if (datasetId === null || version === null) continue;
    const { manifest } = await datasets.openVersion(scope, { datasetId, version });
    const bySplit = new Map<string, Item[]>();
    for await (const item of datasets.readItems(scope, manifest, { signal })) {
      const kept = item.split === null ? undefined : (bySplit.get(item.split) ?? []);
      if (kept === undefined || item.split === null || kept.length >= MOST_ITEMS) continue;
      kept.push(item);
      bySplit.set(item.split, kept);
    }
    const split = SPLITS.find((name) => bySplit.has(name));
    const items = split === undefined ? [] : (bySplit.get(split) ?? []).filter(isAnswerable);
    if (split === undefined || items.length === 0) continue;
    found.push({
      ...{ name: `held out: ${split}`, messages: null, margin: 0.02, scorers: [scorerFor(items)] },
      dataset: { datasetId, version, split, filter: "", limit: MOST_ITEMS, seed: 1 },
      parameters: { temperature: 0, max_tokens: 256 },
    });
  }
  return found;
}

/** A preference has no one right answer that could be expected. */
const isAnswerable = ({ expected }: Item): boolean => textOf(expected) !== null;

function textOf(expected: unknown): string | null {
  if (typeof expected === "string") return expected;
  if (typeof expected !== "object" || expected === null || !("content" in expected)) return null;
  return typeof expected.content === "string" ? expected.content : null;
}

function scorerFor(items: readonly Item[]): RequiredEvaluationInput["scorers"][number] {
  const lengths = items.map(({ expected }) => (textOf(expected) ?? "").length).sort((a, b) => a - b);
  const isShort = (lengths[lengths.length >> 1] ?? 0) <= SHORT;
  return { kind: isShort ? "exact-match" : "edit-similarity", params: {} };
}
