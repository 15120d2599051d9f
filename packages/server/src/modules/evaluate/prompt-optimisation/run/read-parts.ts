import type { OptimisationInput } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvaluatorItem } from "../search/evaluator.ts";
import type { OptimisationDeps } from "../stores/deps.ts";
import { type Parts, splitItems } from "./split-items.ts";

type Reading = {
  readonly choice: Pick<OptimisationInput, "dataset" | "parts"> & { readonly root: string };
  readonly signal: AbortSignal;
};

/** With fewer items in a third, nothing can be learned or concluded. */
const LEAST = 3;

/** The three thirds of a dataset's items. Throws `unprocessable` when there are too few. */
export async function readParts(
  datasets: OptimisationDeps["datasets"],
  scope: Scope,
  { choice, signal }: Reading,
): Promise<Parts> {
  const parts = await splitItems(chosen(datasets, scope, { choice, signal }), choice.parts);
  const few = Object.entries(parts).find(([, items]) => items.length < LEAST);
  if (!few) return parts;
  throw new AppError("unprocessable", {
    message: `The items are split into three parts, and the part for ${few[0]} has only ${few[1].length}. Use a dataset of at least 30 items, or better 100.`,
    details: { param: "dataset" },
  });
}

async function* chosen(
  datasets: OptimisationDeps["datasets"],
  scope: Scope,
  { choice, signal }: Reading,
): AsyncGenerator<EvaluatorItem> {
  const { datasetId, version, split, filter, limit } = choice.dataset;
  const isVersion = !version.startsWith("draft");
  const { manifest } = await datasets.openVersion(scope, { datasetId, version: isVersion ? choice.root : version });
  if (manifest.root !== choice.root)
    throw new AppError("conflict", {
      message: "The draft changed in the meantime. Commit a version and start the search with it.",
      details: { root: choice.root },
    });
  const matching =
    filter.trim() === "" ? null : await datasets.findItems(scope, { datasetId, version, filter }, signal);
  let count = 0;
  for await (const { itemId, inputs, expected, metadata, split: own } of datasets.readItems(scope, manifest, {
    signal,
  })) {
    if ((split !== null && own !== split) || (matching && !matching.has(itemId))) continue;
    if (limit !== null && ++count > limit) return;
    yield { itemId, inputs, expected: expected ?? null, metadata };
  }
}
