import { setImmediate } from "node:timers/promises";
import type { ChangeCounts, FieldChange, Item } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Objects } from "../../../../platform/objects/port.ts";
import { canonicalJson } from "./canonical-json.ts";
import { readChunkRows } from "./chunk-files.ts";
import type { Manifest } from "./manifest.ts";

/** An item that differs, with its position on each side; null where it is missing. */
export type Difference = {
  readonly itemId: string;
  readonly from: number | null;
  readonly to: number | null;
  /** The edited item. Null if the step removes it. */
  readonly rowHash: string | null;
};
export type Differences = { readonly entries: readonly Difference[]; readonly counts: ChangeCounts };

/** For each side. Chunks on both sides are skipped. */
const MOST_ROWS = 2_000_000;
const KEPT = 4;

type Row = { readonly itemId: string; readonly rowHash: string; readonly position: number };

/** Compares two manifests, first by chunk and then by row. Reports changed, added and removed items. */
export function createDiffer(objects: Objects) {
  const cache = new Map<string, Promise<Differences>>();

  async function* readUnshared(manifest: Manifest, other: Manifest): AsyncGenerator<Row, void, void> {
    const shared = new Set(other.chunks.map(({ hash }) => hash));
    let [start, read] = [0, 0];
    for (const { hash, object, rows } of manifest.chunks) {
      if (!shared.has(hash)) {
        read += rows;
        if (read > MOST_ROWS) throw tooDifferent();
        for (const [at, { item, rowHash }] of (await readChunkRows(objects, object)).entries())
          yield { itemId: item.itemId, rowHash, position: start + at };
        await setImmediate();
      }
      start += rows;
    }
  }

  async function compare(from: Manifest, to: Manifest): Promise<Differences> {
    const before = new Map<string, { readonly rowHash: string; readonly position: number }>();
    for await (const { itemId, ...row } of readUnshared(from, to)) before.set(itemId, row);
    const entries: Difference[] = [];
    const counts = { added: 0, removed: 0, changed: 0 };
    for await (const { itemId, rowHash, position } of readUnshared(to, from)) {
      const old = before.get(itemId);
      before.delete(itemId);
      if (old?.rowHash === rowHash) continue;
      counts[old ? "changed" : "added"] += 1;
      entries.push({ itemId, rowHash, from: old?.position ?? null, to: position });
    }
    for (const [itemId, { position }] of before) entries.push({ itemId, rowHash: null, from: position, to: null });
    counts.removed = before.size;
    return { entries, counts };
  }

  return async function diff(from: Manifest, to: Manifest): Promise<Differences> {
    const key = `${from.root} ${to.root}`;
    const known = cache.get(key) ?? compare(from, to);
    cache.delete(key);
    cache.set(key, known);
    known.catch(() => cache.delete(key));
    const oldest = cache.keys().next().value;
    if (cache.size > KEPT && oldest !== undefined) cache.delete(oldest);
    return known;
  };
}
export type Differ = ReturnType<typeof createDiffer>;

const tooDifferent = () =>
  new AppError("unprocessable", {
    message: `The two versions differ in more than ${MOST_ROWS} items. Compare versions that are closer to each other.`,
  });

/** The differences between two states of an item, by field. */
export function diffFields(before: Item, after: Item): FieldChange[] {
  const changes: FieldChange[] = [];
  const note = (field: string, a: unknown, b: unknown) => {
    if (canonicalJson(a ?? null) !== canonicalJson(b ?? null))
      changes.push({ field, before: a ?? null, after: b ?? null });
  };
  for (const section of ["inputs", "metadata"] as const)
    for (const key of new Set([...Object.keys(before[section]), ...Object.keys(after[section])]))
      note(`${section}.${key}`, before[section][key], after[section][key]);
  note("expected", before.expected, after.expected);
  note("split", before.split, after.split);
  return changes;
}
