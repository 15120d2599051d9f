import { hash } from "node:crypto";
import type { Item, LiveLink, LiveLinkInput } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { JobHandler, JobKind, Jobs } from "../../../platform/jobs/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../audit/index.ts";
import type { SpanKey, Traces } from "../../traces/index.ts";
import type { NamesOf } from "../drafts-service.ts";
import type { ItemEdits } from "../edit-items.ts";
import type { Places } from "../find-place.ts";
import { createLiveLinkStore, type LiveLinkRow } from "./live-link-store.ts";
import { mapSpan } from "./map-span.ts";

type Deps = {
  readonly db: Postgres;
  readonly places: Places;
  readonly traces: Pick<Traces, "listReceived" | "picked">;
  readonly edits: Pick<ItemEdits, "addItems">;
  readonly jobs: Pick<Jobs, "register" | "send">;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly namesOf: NamesOf;
};
type Place = { readonly receivedMs: number; readonly traceId: string; readonly spanId: string };

const LIVE_KIND: JobKind<object, null> = { name: "dataset-live-links", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 20;
const BATCH = 200;
/** One link does not hold up the others. */
const MOST_BATCHES = 25;
const MOST_LINKS = 50;

/** Whether a share of all traces holds this one; each trace is in it or not, whoever asks and whenever. */
const isInShare = ({ traceId }: SpanKey, share: number) =>
  share >= 1 || Number.parseInt(hash("sha256", traceId, "hex").slice(0, 8), 16) / 2 ** 32 < share;

/** Filters whose new spans arrive in a draft by themselves. */
export function createLiveLinks({ db, places, traces, edits, jobs, audit, clock, namesOf }: Deps) {
  const store = createLiveLinkStore(db);

  /** Takes what has come since the place; says whether there may be more. The same span twice is one item, so a crash in between costs nothing. */
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
      const summary = `${items.length} items arrived from new traces`;
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

  const handler: JobHandler<object, null> = {
    async run({ scope, signal }) {
      for (const link of await store.listEnabled(scope.projectId)) {
        try {
          await follow(scope, link, signal);
        } catch (error) {
          signal.throwIfAborted();
          const lastError = error instanceof Error ? error.message : String(error);
          await store.update(scope.projectId, link.id, { lastError: lastError.slice(0, 2_000) });
        }
      }
      return null;
    },
  };
  jobs.register(LIVE_KIND, handler);

  const describe = async (scope: Scope, rows: readonly LiveLinkRow[]): Promise<LiveLink[]> => {
    const names = await namesOf(
      scope.projectId,
      rows.map(({ createdBy }) => createdBy),
    );
    return rows.map((row) => toLiveLink(row, names));
  };

  return {
    /** Takes what has come now, instead of when its turn comes. */
    runNow: async (scope: Scope, signal: AbortSignal) => {
      for (const link of await store.listEnabled(scope.projectId)) await follow(scope, link, signal);
    },

    async list(scope: Scope, datasetId: string) {
      await places.branchOf(scope, datasetId, "main");
      return { items: await describe(scope, await store.list(scope.projectId, datasetId)) };
    },

    async create(scope: Scope, datasetId: string, input: LiveLinkInput): Promise<LiveLink> {
      await places.branchOf(scope, datasetId, input.branch);
      if ((await store.list(scope.projectId, datasetId)).length >= MOST_LINKS)
        throw new AppError("unprocessable", {
          message: `A dataset has at most ${MOST_LINKS} live links. Delete some.`,
        });
      const now = clock.now();
      const row: LiveLinkRow = {
        id: newId("live", now),
        projectId: scope.projectId,
        datasetId,
        ...input,
        itemsAdded: 0,
        lastError: "",
        placeMs: now,
        placeTraceId: "",
        placeSpanId: "",
        createdBy: scope.actor,
        createdAt: new Date(now),
      };
      await db.transaction(async (tx) => {
        await createLiveLinkStore(tx).create(row);
        const order = { kind: LIVE_KIND, payload: {}, title: "Fetch new traces into datasets", key: "live-links" };
        await jobs.send(tx, scope, { ...order, everySeconds: EVERY_SECONDS });
        const details = { branch: input.branch, filter: input.filter };
        await audit.record(scope, { action: "dataset.link", target: datasetId, details }, tx);
      });
      return toLiveLink(row, await namesOf(scope.projectId, [scope.actor]));
    },

    /** Pausing keeps the place: what came meanwhile arrives later. */
    async update(scope: Scope, liveLinkId: string, { isEnabled }: { isEnabled: boolean }): Promise<LiveLink> {
      const row = await store.update(scope.projectId, liveLinkId, { isEnabled });
      if (!row) throw notFound("live link", liveLinkId);
      return toLiveLink(row, await namesOf(scope.projectId, [row.createdBy]));
    },

    async delete(scope: Scope, datasetId: string, liveLinkId: string): Promise<void> {
      await db.transaction(async (tx) => {
        if (!(await createLiveLinkStore(tx).delete(scope.projectId, liveLinkId)))
          throw notFound("live link", liveLinkId);
        await audit.record(scope, { action: "dataset.unlink", target: datasetId, details: { liveLinkId } }, tx);
      });
    },
  };
}
export type LiveLinks = ReturnType<typeof createLiveLinks>;

const toLiveLink = (row: LiveLinkRow, names: ReadonlyMap<string, string>): LiveLink => ({
  liveLinkId: row.id,
  branch: row.branch,
  filter: row.filter,
  mapping: row.mapping,
  share: row.share,
  isEnabled: row.isEnabled,
  itemsAdded: row.itemsAdded,
  lastError: row.lastError,
  createdBy: names.get(row.createdBy) ?? row.createdBy,
  createdAt: row.createdAt.toISOString(),
});
