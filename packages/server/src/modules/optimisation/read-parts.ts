import type { OptimisationInput } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { OptimisationDeps } from "./deps.ts";
import type { LabItem } from "./lab.ts";
import { type Parts, splitItems } from "./split-items.ts";

type Reading = {
  readonly choice: Pick<OptimisationInput, "dataset" | "parts"> & { readonly root: string };
  readonly signal: AbortSignal;
};

/** Fewer in a third, and nothing can be learnt from it or said about it. */
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
    message: `Items are parted in three, and the part for ${few[0]} has only ${few[1].length}. Take a dataset of at least 30 items, better 100.`,
    details: { param: "dataset" },
  });
}

async function* chosen(
  datasets: OptimisationDeps["datasets"],
  scope: Scope,
  { choice, signal }: Reading,
): AsyncGenerator<LabItem> {
  const { datasetId, version, split, filter, limit } = choice.dataset;
  const isVersion = !version.startsWith("draft");
  const { manifest } = await datasets.openVersion(scope, { datasetId, version: isVersion ? choice.root : version });
  if (manifest.root !== choice.root)
    throw new AppError("conflict", {
      message: "The draft was changed meanwhile. Commit a version and start the search over it.",
      details: { root: choice.root },
    });
  const found = filter.trim() === "" ? null : await datasets.findItems(scope, { datasetId, version, filter }, signal);
  let count = 0;
  for await (const { itemId, inputs, expected, metadata, split: own } of datasets.readItems(scope, manifest, {
    signal,
  })) {
    if ((split !== null && own !== split) || (found && !found.has(itemId))) continue;
    if (limit !== null && ++count > limit) return;
    yield { itemId, inputs, expected: expected ?? null, metadata };
  }
}
