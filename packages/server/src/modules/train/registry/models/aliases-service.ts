import type { AliasMove } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { findModel, findVersion, requireFiles } from "../refs/find-version.ts";
import { createAliasStore, createMoveStore, type MoveRow } from "../stores/alias-store.ts";
import type { StoreDeps } from "../stores/deps.ts";
import { createSettingsStore, type ModelRow } from "../stores/model-store.ts";

/** If the project requires a second person for stages, these names require one too. */
const GUARDED = new Set(["production", "staging"]);

type Deps = StoreDeps & { readonly forget: (projectId: string) => void };
type Wish = { readonly alias: string; readonly version: string; readonly reason: string };

type Place = { readonly tx: Postgres; readonly scope: Scope; readonly model: ModelRow };
type Move = {
  readonly alias: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: string;
};

/** Within the caller's transaction. The caller notifies the gateway afterwards. */
function createPointing({ audit, clock }: Pick<Deps, "audit" | "clock">) {
  async function note({ tx, scope, model }: Place, { alias, from, to, reason }: Move) {
    const now = clock.now();
    await createMoveStore(tx).note({
      id: newId("move", now),
      modelId: model.id,
      alias,
      fromNumber: from,
      toNumber: to,
      reason,
      movedBy: scope.actor,
      movedAt: new Date(now),
    });
    const details = { alias, from, to, reason };
    await audit.record(scope, { action: "model-alias.move", target: model.name, details }, tx);
  }
  async function point(place: Place, { alias, version, reason }: Wish) {
    const { tx, scope, model } = place;
    const store = createAliasStore(tx);
    const before = await store.findHeld(model.id, alias);
    const row = await findVersion(tx, model, version);
    if (before?.versionId === row.id) return;
    if (GUARDED.has(alias) && row.stage !== alias && (await createSettingsStore(tx).needsApproval(scope.projectId)))
      throw new AppError("conflict", {
        message: `In this project the alias "${alias}" needs the approval of a second person. Request the stage "${alias}" for version ${row.number} first. After the approval, you can move the alias.`,
        details: { param: "version", code: "approval_needed" },
      });
    const { actor: movedBy } = scope;
    const movedAt = new Date(clock.now());
    await store.save({ modelId: model.id, alias, versionId: row.id, number: row.number, movedBy, movedAt });
    // Checked after the alias points to the version: its files can no longer be removed.
    requireFiles(model.name, await findVersion(tx, model, String(row.number)));
    await note(place, { alias, from: before?.number ?? null, to: row.number, reason });
  }
  return { note, point };
}

/**
 * Names that point to a version. A move is one transaction: a concurrent gateway request gets the old or the new
 * version.
 */
export function createAliasesService({ db, audit, clock, namesOf, forget }: Deps) {
  const { note, point } = createPointing({ audit, clock });

  return {
    point,

    async move(scope: Scope, name: string, wish: Wish): Promise<ModelRow> {
      const model = await db.transaction(async (tx) => {
        const model = await findModel(tx, scope, name);
        await point({ tx, scope, model }, wish);
        return model;
      });
      forget(scope.projectId);
      return model;
    },

    /** Back to where it pointed before its last move. Asked twice, it comes back again. */
    async rollBack(scope: Scope, name: string, { alias, reason }: Omit<Wish, "version">): Promise<ModelRow> {
      const model = await db.transaction(async (tx) => {
        const model = await findModel(tx, scope, name);
        const last = await createMoveStore(tx).findLastMove(model.id, alias);
        if (!last) throw notFound("alias", alias);
        if (last.fromNumber === null)
          throw new AppError("conflict", {
            message: `"${alias}" has always pointed to version ${last.toNumber}, so there is no earlier version to return to.`,
          });
        await point({ tx, scope, model }, { alias, version: String(last.fromNumber), reason: reason || "Rolled back" });
        return model;
      });
      forget(scope.projectId);
      return model;
    },

    async remove(scope: Scope, name: string, alias: string): Promise<ModelRow> {
      const model = await db.transaction(async (tx) => {
        const model = await findModel(tx, scope, name);
        const before = await createAliasStore(tx).findHeld(model.id, alias);
        if (!before) throw notFound("alias", alias);
        await createAliasStore(tx).delete(model.id, alias);
        await note({ tx, scope, model }, { alias, from: before.number, to: null, reason: "" });
        return model;
      });
      forget(scope.projectId);
      return model;
    },

    async listMoves(
      scope: Scope,
      name: string,
      { alias, cursor, limit }: { alias?: string | undefined; cursor?: string | undefined; limit: number },
    ) {
      const model = await findModel(db, scope, name);
      const after = cursor === undefined ? null : fromTimeCursor(cursor);
      const rows = await createMoveStore(db).listMoves(model.id, { alias, after, limit: limit + 1 });
      const page = toPage(rows, limit, ({ movedAt, id }) => [movedAt.toISOString(), id]);
      const names = await namesOf(
        scope.projectId,
        page.items.map(({ movedBy }) => movedBy),
      );
      const items = page.items.map((row) => toMove({ ...row, movedBy: names.get(row.movedBy) ?? row.movedBy }));
      return { items, nextCursor: page.nextCursor };
    },
  };
}
export type Aliases = ReturnType<typeof createAliasesService>;

const toMove = ({ alias, fromNumber, toNumber, movedBy, movedAt, reason }: MoveRow): AliasMove => ({
  alias,
  from: fromNumber,
  to: toNumber,
  movedBy,
  movedAt: movedAt.toISOString(),
  reason,
});
