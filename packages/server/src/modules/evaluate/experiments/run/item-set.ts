import { createHash } from "node:crypto";
import type { ExperimentDataset, Item } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Manifest } from "../../../data/datasets/index.ts";
import { createItemStore, type PlacedItem } from "../stores/item-store.ts";
import type { EvalDatasets } from "./deps.ts";

type Deps = { readonly db: Postgres; readonly datasets: EvalDatasets; readonly clock: Pick<Clock, "now"> };
/** The selection of items, in a state of a dataset. */
export type Choice = ExperimentDataset & { readonly root: string };
type Building = { readonly choice: Choice; readonly signal: AbortSignal };

const BATCH_ROWS = 500;
const BATCH_CHARACTERS = 4_000_000;

/** The same for the same items of the same state of a dataset. */
export function itemSetId(projectId: string, { datasetId, root, split, filter, limit, seed }: Choice): string {
  const facts = [projectId, datasetId, root, split, filter.trim(), limit, limit === null ? 0 : seed];
  return `set_${createHash("sha256").update(JSON.stringify(facts)).digest("hex").slice(0, 32)}`;
}

/**
 * Stores the selected items, once for all experiments with the same selection. They are in random order, so that the
 * first ones are representative. Throws `unprocessable` if there are none.
 */
export async function ensureItemSet(
  deps: Deps,
  scope: Scope,
  building: Building,
): Promise<{ id: string; items: number }> {
  const { db, clock } = deps;
  const store = createItemStore(db);
  const id = itemSetId(scope.projectId, building.choice);
  const known = await store.findSet(scope.projectId, id);
  if (known?.items) return { id, items: known.items };
  const manifest = await openRoot(deps.datasets, scope, building.choice);
  const draws = await drawItems(deps, scope, { ...building, manifest });
  if (draws.size === 0)
    throw new AppError("unprocessable", {
      message: "No item of the dataset matches the split and the filter. Change them, or add items.",
      details: { param: "dataset" },
    });
  await store.createSet({ id, projectId: scope.projectId, items: null, createdAt: new Date(clock.now()) });
  for await (const batch of batchesOf(placed(deps.datasets.readItems(scope, manifest, building), draws)))
    await store.add(id, batch);
  await store.finishSet(scope.projectId, id, draws.size);
  return { id, items: draws.size };
}

const MOST_SAMPLES = 20;

/** How many items an experiment would answer, and the first few that it would draw. */
export async function chooseItems(
  deps: Deps,
  scope: Scope,
  building: Building,
): Promise<{ items: number; samples: PlacedItem[] }> {
  const manifest = await openRoot(deps.datasets, scope, building.choice);
  const draws = await drawItems(deps, scope, { ...building, manifest });
  const samples: PlacedItem[] = [];
  for await (const item of placed(deps.datasets.readItems(scope, manifest, building), draws)) {
    if (item.draw < MOST_SAMPLES) samples.push(item);
    if (samples.length >= Math.min(MOST_SAMPLES, draws.size)) break;
  }
  return { items: draws.size, samples };
}

/** The state at the start: a version by its root, or a draft that has not changed since. */
async function openRoot(datasets: EvalDatasets, scope: Scope, { datasetId, root, version }: Choice): Promise<Manifest> {
  const { manifest } = await datasets.openVersion(scope, { datasetId, version });
  if (manifest.root === root) return manifest;
  const fixed = await datasets.openVersion(scope, { datasetId, version: root }).catch((error: unknown) => {
    if (error instanceof AppError && error.code === "not_found") return null;
    throw error;
  });
  if (fixed) return fixed.manifest;
  throw new AppError("conflict", {
    message: `The draft changed before its items were read. Start the experiment again, or commit a version first.`,
    details: { root },
  });
}

/** Each chosen item's place in the order in which they are answered, by its place in the dataset. */
async function drawItems(
  { datasets }: Deps,
  scope: Scope,
  { choice, signal, manifest }: Building & { manifest: Manifest },
): Promise<ReadonlyMap<number, number>> {
  const { datasetId, root, version, split, filter, limit, seed } = choice;
  const matching = filter.trim() === "" ? null : await findItems();
  const drawn: { readonly at: number; readonly lot: number }[] = [];
  let at = -1;
  for await (const item of datasets.readItems(scope, manifest, { signal })) {
    at++;
    if ((split !== null && item.split !== split) || (matching && !matching.has(item.itemId))) continue;
    drawn.push({ at, lot: lotOf(seed, item.itemId) });
  }
  drawn.sort((a, b) => a.lot - b.lot || a.at - b.at);
  return new Map(drawn.slice(0, limit ?? drawn.length).map((one, place) => [one.at, place]));

  function findItems() {
    const isVersion = !version.startsWith("draft");
    return datasets.findItems(scope, { datasetId, version: isVersion ? root : version, filter }, signal);
  }
}

const lotOf = (seed: number, itemId: string) =>
  createHash("sha256").update(`${seed} ${itemId}`).digest().readUIntBE(0, 6);

async function* placed(items: AsyncIterable<Item>, draws: ReadonlyMap<number, number>): AsyncGenerator<PlacedItem> {
  let position = -1;
  for await (const { itemId, inputs, expected, metadata, split } of items) {
    const draw = draws.get(++position);
    if (draw !== undefined) yield { itemId, position, draw, inputs, expected: expected ?? null, metadata, split };
  }
}

async function* batchesOf(items: AsyncIterable<PlacedItem>): AsyncGenerator<PlacedItem[]> {
  let batch: PlacedItem[] = [];
  let characters = 0;
  for await (const item of items) {
    batch.push(item);
    characters += JSON.stringify(item.inputs).length;
    if (batch.length < BATCH_ROWS && characters < BATCH_CHARACTERS) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}
