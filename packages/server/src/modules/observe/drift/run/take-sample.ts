import { whereSpans, withLogPayloads } from "../../traces/index.ts";
import type { DriftItem } from "../analysis/drift-item.ts";
import { type CallQuery, createCallStore } from "../stores/call-store.ts";
import type { DriftDeps } from "../stores/deps.ts";
import type { WatchRow } from "../stores/watch-store.ts";

type Deps = Pick<DriftDeps, "columnar" | "thread">;
export type Sample = { readonly items: readonly DriftItem[]; readonly matching: number };

/** One user has at most this share of a sample. */
const GROUP_SHARE = 0.1;
const BATCH_CALLS = 100;
const BATCH_BYTES = 4_000_000;

export const queryOf = (
  { endpoint, filter, side, tenantKey }: WatchRow,
  { from, to }: Pick<CallQuery, "from" | "to">,
): CallQuery => ({ endpoint, filter, side, tenantKey, from, to });

/** The texts of a sample of a watch's calls. The payloads are read and parsed in batches, in a separate thread. */
export async function takeSample(
  { columnar, thread }: Deps,
  watch: WatchRow,
  { from, to, signal }: Pick<CallQuery, "from" | "to"> & { readonly signal: AbortSignal },
): Promise<Sample> {
  const calls = createCallStore(columnar, { whereSpans, withLogPayloads });
  const query = queryOf(watch, { from, to });
  const matching = await calls.countCalls(watch.projectId, query);
  const perGroup = Math.ceil(watch.sampleSize * GROUP_SHARE);
  const places = await calls.listSample(watch.projectId, query, { limit: watch.sampleSize, perGroup });
  const items: DriftItem[] = [];
  for (const batch of toBatches(places)) {
    signal.throwIfAborted();
    const stored = await calls.readCalls(watch.projectId, query, batch);
    items.push(...(await thread.ask("readCalls", { side: watch.side, calls: stored })));
  }
  return { items, matching };
}

type Place = { readonly traceId: string; readonly spanId: string; readonly bytes: number };

/** Batches by number and size. A call that is larger than a batch is alone. */
function toBatches(places: readonly Place[]): Place[][] {
  const batches: Place[][] = [];
  let bytes = 0;
  for (const place of places) {
    const current = batches.at(-1);
    if (current && current.length < BATCH_CALLS && bytes + place.bytes <= BATCH_BYTES) {
      current.push(place);
      bytes += place.bytes;
    } else {
      batches.push([place]);
      bytes = place.bytes;
    }
  }
  return batches;
}
