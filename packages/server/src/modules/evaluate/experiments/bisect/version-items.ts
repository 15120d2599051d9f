import { createHash } from "node:crypto";
import type { Scope } from "../../../../kernel/scope.ts";
import type { EvalDeps } from "../run/deps.ts";
import { createItemStore, type PlacedItem } from "../stores/item-store.ts";

type Deps = Pick<EvalDeps, "db" | "datasets" | "clock">;
type Choice = {
  readonly datasetId: string;
  readonly root: string;
  /** The set whose items are wanted, as they are in this version. */
  readonly like: string;
  readonly signal: AbortSignal;
};

const BATCH_ROWS = 500;

/** Writes the items of another set down as a version of the dataset has them; those that it does not have are left out. Gives the set's id. */
export async function ensureVersionItems(deps: Deps, scope: Scope, choice: Choice): Promise<string> {
  const { db, datasets, clock } = deps;
  const { datasetId, root, like, signal } = choice;
  const { projectId } = scope;
  const facts = JSON.stringify([projectId, datasetId, root, like]);
  const id = `set_${createHash("sha256").update(facts).digest("hex").slice(0, 32)}`;
  const store = createItemStore(db);
  const known = await store.findSet(projectId, id);
  if (known?.items != null) return id;
  const wanted = new Set((await store.listMetadata(like)).map(({ itemId }) => itemId));
  const { manifest } = await datasets.openVersion(scope, { datasetId, version: root });
  await store.createSet({ id, projectId, items: null, createdAt: new Date(clock.now()) });
  let items = 0;
  let batch: PlacedItem[] = [];
  for await (const { itemId, inputs, expected, metadata, split } of datasets.readItems(scope, manifest, { signal })) {
    if (!wanted.has(itemId)) continue;
    batch.push({ itemId, inputs, expected: expected ?? null, metadata, split, position: items, draw: items });
    items++;
    if (batch.length < BATCH_ROWS) continue;
    await store.add(id, batch);
    batch = [];
  }
  await store.add(id, batch);
  await store.finishSet(projectId, id, items);
  return id;
}
