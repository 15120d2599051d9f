import type { LiveLink, LiveLinkInput } from "@treadle/contract";
import { z } from "zod";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { wholeList } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { JobKind, Jobs } from "../../../../platform/jobs/port.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Traces } from "../../../observe/traces/index.ts";
import type { Audit } from "../../../system/audit/index.ts";
import type { NamesOf } from "../drafts/drafts-service.ts";
import type { Places } from "../drafts/resolve-ref.ts";
import type { ItemEdits } from "../items/edit-items.ts";
import { followLinks } from "./follow-links.ts";
import { createLiveLinkStore, type LiveLinkRow } from "./live-link-store.ts";

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

const LIVE_KIND: JobKind<object, null> = { name: "dataset-live-links", payload: z.object({}), state: z.null() };
const EVERY_SECONDS = 20;
const MOST_LINKS = 50;

/** Filters whose new spans arrive in a draft by themselves. */
export function createLiveLinks(deps: Deps) {
  const { db, places, jobs, audit, clock, namesOf } = deps;
  const store = createLiveLinkStore(db);

  jobs.register(LIVE_KIND, followLinks(deps));

  const describe = async (scope: Scope, rows: readonly LiveLinkRow[]): Promise<LiveLink[]> => {
    const names = await namesOf(
      scope.projectId,
      rows.map(({ createdBy }) => createdBy),
    );
    return rows.map((row) => toLiveLink(row, names));
  };

  return {
    async list(scope: Scope, datasetId: string) {
      await places.branchOf(scope, datasetId, "main");
      return wholeList(await describe(scope, await store.list(scope.projectId, datasetId)));
    },

    async create(scope: Scope, datasetId: string, input: LiveLinkInput): Promise<LiveLink> {
      await places.branchOf(scope, datasetId, input.branch);
      if ((await store.list(scope.projectId, datasetId)).length >= MOST_LINKS)
        throw new AppError("unprocessable", {
          message: `A dataset has at most ${MOST_LINKS} live links. Delete a live link first.`,
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

    /** A paused link stores its position, so spans from the meantime arrive after it continues. */
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
