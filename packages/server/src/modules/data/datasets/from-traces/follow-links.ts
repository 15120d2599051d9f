import { hash } from "node:crypto";
import type { Item } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { messageOf } from "../../../../kernel/message-of.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobHandler } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { SpanKey, Traces } from "../../../observe/traces/index.ts";
import type { ItemEdits } from "../items/edit-items.ts";
import { createLiveLinkStore, type LiveLinkRow } from "./live-link-store.ts";
import { mapSpan } from "./map-span.ts";

type Deps = {
  readonly db: Postgres;
  readonly traces: Pick<Traces, "listReceived" | "picked">;
  readonly edits: Pick<ItemEdits, "addItems">;
};
type Place = { readonly receivedMs: number; readonly traceId: string; readonly spanId: string };
const BATCH = 200;
/** One link does not hold up the others. */
const MOST_BATCHES = 25;

/** Whether a trace belongs to a share of all traces. The answer is the same for every caller and at any time. */
const isInShare = ({ traceId }: SpanKey, share: number) =>
  share >= 1 || Number.parseInt(hash("sha256", traceId, "hex").slice(0, 8), 16) / 2 ** 32 < share;

/** Takes what has come since last time into the drafts, for each link of a project. */
export function followLinks({ db, traces, edits }: Deps): JobHandler<object, null> {
  const store = createLiveLinkStore(db);

  /**
   * Adds new spans after the position, and returns whether there may be more. A duplicate span is one item, so a crash
   * in between is harmless.
   */
  async function takeBatch(
    scope: Scope,
    link: LiveLinkRow,
  ): Promise<{ added: number; end: Place | null; isMore: boolean }> {
    const after = { receivedMs: link.placeMs, traceId: link.placeTraceId, spanId: link.placeSpanId };
    const { spans, end } = await traces.listReceived(scope.projectId, { after, filter: link.filter, limit: BATCH });
    const wanted = spans.filter((span) => isInShare(span, link.share));
    const items: Item[] = [];
    for await (const judged of traces.picked.read(scope.projectId, wanted)) {
      const item = mapSpan(judged, link.mapping);
      if (item) items.push(item);
    }
    if (items.length > 0) {
      const summary = `${countOf(items.length, "item")} added from new traces`;
      const step = { kind: "traces" as const, summary, recipe: { liveLinkId: link.id } };
      await edits.addItems(scope, { datasetId: link.datasetId, branch: link.branch }, { items, step });
    }
    return { added: items.length, end, isMore: spans.length === BATCH };
  }

  async function follow(scope: Scope, begun: LiveLinkRow, signal: AbortSignal): Promise<void> {
    let link = begun;
    for (let batch = 0; batch < MOST_BATCHES; batch++) {
      signal.throwIfAborted();
      const { added, end, isMore } = await takeBatch(scope, link);
      if (end === null) return;
      const place = { placeMs: end.receivedMs, placeTraceId: end.traceId, placeSpanId: end.spanId };
      const changes = { ...place, itemsAdded: link.itemsAdded + added, lastError: "" };
      const next = await store.update(scope.projectId, link.id, changes);
      if (!next || !isMore) return;
      link = next;
    }
  }

  return {
    async run({ scope, signal }) {
      for (const link of await store.listEnabled(scope.projectId)) {
        try {
          await follow(scope, link, signal);
        } catch (error) {
          signal.throwIfAborted();
          const lastError = messageOf(error);
          await store.update(scope.projectId, link.id, { lastError: lastError.slice(0, 2_000) });
        }
      }
      return null;
    },
  };
}
