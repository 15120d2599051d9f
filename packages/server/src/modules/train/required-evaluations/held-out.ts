import type { Item, RequiredEvaluationInput } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { MeasuredVersion, ModelEvaluationDeps } from "./deps.ts";

/** Splits that training leaves alone, before those that it evaluates on: the first that a version has is measured. */
const SPLITS = ["test", "holdout", "validation", "val", "eval", "dev"] as const;
/** Expected texts up to this long, in characters, are compared as they are; longer ones by how like they are. */
const SHORT = 60;
const MOST_ITEMS = 500;

type Places = { readonly scope: Scope; readonly signal: AbortSignal };

/** The held-out data of a version: a split of each of its datasets. None if there is no such split. */
export async function heldOutOf(
  { datasets }: Pick<ModelEvaluationDeps, "datasets">,
  { data }: Pick<MeasuredVersion, "data">,
  { scope, signal }: Places,
): Promise<RequiredEvaluationInput[]> {
  const inputs: RequiredEvaluationInput[] = [];
  for (const { datasetId, version, prompt = null, target } of data) {
    if (datasetId === null || version === null || !isComparable(target)) continue;
    const { manifest } = await datasets.openVersion(scope, { datasetId, version });
    const bySplit = new Map<string, Item[]>();
    for await (const item of datasets.readItems(scope, manifest, { signal })) {
      const rows = item.split === null ? undefined : (bySplit.get(item.split) ?? []);
      if (rows === undefined || item.split === null || rows.length >= MOST_ITEMS) continue;
      rows.push(item);
      bySplit.set(item.split, rows);
    }
    const split = SPLITS.find((name) => bySplit.has(name));
    const items = split === undefined ? [] : (bySplit.get(split) ?? []).filter(isAnswerable);
    if (split === undefined || items.length === 0) continue;
    inputs.push({
      name: `held out: ${split}`,
      messages: prompt,
      margin: 0.02,
      scorers: [scorerFor(items)],
      dataset: { datasetId, version, split, filter: "", limit: MOST_ITEMS, seed: 1 },
      parameters: { temperature: 0, max_tokens: 256 },
    });
  }
  return inputs;
}

/** Experiments compare answers with what is in `expected`. */
const isComparable = (target: string | null | undefined) => (target ?? "expected") === "expected";

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
