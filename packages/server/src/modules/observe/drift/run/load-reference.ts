import { FEWEST_DRIFT_TEXTS } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { DriftItem, DriftSide, ReferenceModel } from "../analysis/drift-item.ts";
import { fromBase64, toBase64 } from "../analysis/pack-vectors.ts";
import type { DriftDeps } from "../stores/deps.ts";
import { createWatchStore, type ReferenceRow, type WatchRow } from "../stores/watch-store.ts";
import { type EmbedProgress, embedItems } from "./embed-items.ts";
import { takeSample } from "./take-sample.ts";

export type Reference = {
  readonly version: number;
  readonly side: DriftSide;
  readonly model: ReferenceModel;
  /** Texts that were embedded now. */
  readonly embedded: number;
};
export type TooFew = { readonly version: number; readonly texts: number };

type Given = { readonly signal: AbortSignal; readonly progress?: EmbedProgress };

/** The newest reference of a watch. Its texts are read at the first time; too few are not stored. */
export async function loadReference(
  deps: DriftDeps,
  { scope, watch }: { readonly scope: Scope; readonly watch: WatchRow },
  given: Given,
): Promise<Reference | TooFew> {
  const store = createWatchStore(deps.db);
  const row = await store.findReference(watch.projectId, watch.id);
  if (!row) throw new Error(`The drift watch ${watch.id} has no reference.`);
  const stored = toReference(row);
  if (stored) return stored;
  const items = await readItems(deps, { scope, watch, row, signal: given.signal });
  if (items.length < FEWEST_DRIFT_TEXTS) return { version: row.version, texts: items.length };
  const side = await embedItems(deps, items, given);
  const model = await deps.thread.ask("learn", side);
  const forgotten = { ...side, items: items.map(forgetText) };
  await store.fillReference(watch.projectId, row.id, {
    texts: items.length,
    items: forgotten.items,
    model,
    vectorSize: side.vectors.size,
    vectors: toBase64(side.vectors),
  });
  return { version: row.version, side: forgotten, model, embedded: items.length };
}

function toReference({ version, items, model, vectors, vectorSize }: ReferenceRow): Reference | null {
  if (!items || !model || vectors === null || vectorSize === null) return null;
  return { version, side: { items, vectors: fromBase64(vectors, vectorSize) }, model, embedded: 0 };
}

type Reading = {
  readonly scope: Scope;
  readonly watch: WatchRow;
  readonly row: ReferenceRow;
  readonly signal: AbortSignal;
};

async function readItems(deps: DriftDeps, { scope, watch, row, signal }: Reading): Promise<readonly DriftItem[]> {
  const { source } = row;
  if (source.kind === "range") {
    const period = { from: new Date(source.from), to: new Date(source.to) };
    return (await takeSample(deps, watch, { ...period, signal })).items;
  }
  const { datasetId, version } = source;
  const texts = await deps.readDatasetTexts(scope, { datasetId, version, side: watch.side, limit: watch.sampleSize });
  return deps.thread.ask("readTexts", texts);
}

const MOST_SHOWN = 400;
/** The fingerprint of a stored text. Duplicates are compared within a side, so that any injective name serves. */
const forgetText = (item: DriftItem, _at: number, all: readonly DriftItem[]): DriftItem => ({
  ...item,
  text: item.traceId === null ? item.text.slice(0, MOST_SHOWN).toWellFormed() : "",
  fingerprint: `${all.findIndex(({ fingerprint }) => fingerprint === item.fingerprint)}`,
});
