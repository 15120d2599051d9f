import type { AnnotationItemsInput, Item } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { createDraw } from "./draw.ts";
import { fieldOf, fieldsOf, plainMetadata } from "./fields.ts";
import { type Arriving, type Incoming, PLAIN, sourceOf } from "./incoming.ts";

type Input = Extract<AnnotationItemsInput, { from: "dataset" }>;

const INDEX_MS = 60_000;

/** Items of a version or a draft of a dataset: some by their ids, or a random sample. */
export async function fromDataset(
  { datasets }: Pick<AnnotationDeps, "datasets">,
  scope: Scope,
  { datasetId, version, filter, itemIds, size, seed }: Input,
): Promise<Arriving> {
  const { manifest } = await datasets.openVersion(scope, { datasetId, version });
  const signal = AbortSignal.timeout(INDEX_MS);
  const matching =
    filter.trim() === "" ? null : await datasets.findItems(scope, { datasetId, version, filter }, signal);
  const named = itemIds && new Set(itemIds);
  const total = matching?.size ?? manifest.rows;
  const draw = named ? null : createDraw({ total, size, seed });
  async function* items() {
    let takenCount = 0;
    for await (const item of datasets.readItems(scope, manifest)) {
      if (takenCount >= (named?.size ?? size)) return;
      if (matching && !matching.has(item.itemId)) continue;
      if (named ? !named.has(item.itemId) : !draw?.next()) continue;
      takenCount += 1;
      yield { ...incomingOf(item, datasetId), inclusionProbability: draw?.probability ?? null };
    }
  }
  return { matching: named ? null : total, items: items() };
}

function incomingOf({ itemId, inputs, expected, metadata, split }: Item, datasetId: string): Incoming {
  const answer = expected === null || expected === undefined ? [] : [fieldOf("expected", expected, "markdown")];
  return {
    ...PLAIN,
    source: sourceOf({ type: "dataset", key: `item:${datasetId}:${itemId}`, datasetId, itemId }),
    content: { fields: [...fieldsOf(inputs), ...answer], candidates: [] },
    metadata: plainMetadata({ ...metadata, ...(split && { split }) }),
  };
}
