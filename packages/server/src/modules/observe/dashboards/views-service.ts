import type { SavedView, ViewInput } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { type DashboardsDeps, nameOf, tooMany } from "./dashboards-service.ts";
import { createViewStore, type ViewRow } from "./view-store.ts";

const MOST_VIEWS = 2_000;

/** Filters with their columns and order, under a name. A private one does not exist for anybody but its maker. */
export function createViews({ db, audit, clock, namesOf }: DashboardsDeps) {
  const store = createViewStore(db);

  async function named(scope: Scope, rows: readonly ViewRow[]): Promise<SavedView[]> {
    const names = await namesOf(
      scope.projectId,
      rows.map(({ createdBy }) => createdBy),
    );
    return rows.map((row) => toView(scope, row, names));
  }
  async function one(scope: Scope, row: ViewRow): Promise<SavedView> {
    return toView(scope, row, await namesOf(scope.projectId, [row.createdBy]));
  }

  return {
    list: async (scope: Scope, page: SavedView["page"] | undefined) =>
      named(scope, await store.list(scope.projectId, scope.actor, page)),

    async get(scope: Scope, viewId: string): Promise<SavedView> {
      const row = await store.find(scope.projectId, { actor: scope.actor, viewId });
      if (!row) throw notFound("view", viewId);
      return one(scope, row);
    },

    async create(scope: Scope, input: ViewInput): Promise<SavedView> {
      const now = clock.now();
      const at = { createdAt: new Date(now), updatedAt: new Date(now) };
      const row = { id: newId("view", now), projectId: scope.projectId, createdBy: scope.actor, ...input, ...at };
      await db.transaction(async (tx) => {
        const inside = createViewStore(tx);
        if ((await inside.count(scope.projectId)) >= MOST_VIEWS) throw tooMany("saved views", MOST_VIEWS);
        await inside.create(row);
        await audit.record(scope, { action: "view.create", target: row.id, details: detailsOf(input) }, tx);
      });
      return one(scope, row);
    },

    async replace(scope: Scope, viewId: string, input: ViewInput): Promise<SavedView> {
      const row = await db.transaction(async (tx) => {
        const inside = createViewStore(tx);
        const which = { actor: scope.actor, viewId };
        const known = await inside.find(scope.projectId, which);
        if (known?.isShared && !input.isShared && known.createdBy !== scope.actor) throw notYours();
        const updated = await inside.update(scope.projectId, which, { ...input, updatedAt: new Date(clock.now()) });
        if (!updated) throw notFound("view", viewId);
        await audit.record(scope, { action: "view.update", target: viewId, details: detailsOf(input) }, tx);
        return updated;
      });
      return one(scope, row);
    },

    async delete(scope: Scope, viewId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const name = await createViewStore(tx).delete(scope.projectId, { actor: scope.actor, viewId });
        if (name === undefined) throw notFound("view", viewId);
        await audit.record(scope, { action: "view.delete", target: viewId, details: { name } }, tx);
      });
    },
  };
}

const detailsOf = ({ name, page, isShared }: ViewInput) => ({ name, page, isShared });

const notYours = () =>
  new AppError("forbidden", {
    message: "Another user shared this view, so only they can make it private. Save your own view instead.",
  });

function toView(scope: Scope, row: ViewRow, names: ReadonlyMap<string, string>): SavedView {
  const { id: viewId, projectId: _, createdBy, createdAt, updatedAt, ...content } = row;
  return {
    viewId,
    ...content,
    isOwn: createdBy === scope.actor,
    createdBy: nameOf(names, createdBy),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  };
}
