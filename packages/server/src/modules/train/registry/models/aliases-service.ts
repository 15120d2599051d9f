import type { AliasMove } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromTimeCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { findModel, findVersion, requireFiles } from "../refs/find-version.ts";
import { pickVersion } from "../serve/serve-versions.ts";
import { createAliasStore, createMoveStore, type MoveRow } from "../stores/alias-store.ts";
import type { AliasChange, StoreDeps } from "../stores/deps.ts";
import { createSettingsStore, type ModelRow } from "../stores/model-store.ts";
import { createServedStore, type VersionRow } from "../stores/version-store.ts";

/** If the project requires a second person for stages, these names require one too. */
const GUARDED = new Set(["production", "staging"]);

type Deps = StoreDeps & { readonly forget: (projectId: string) => void };
type Wish = {
  readonly alias: string;
  readonly version: string;
  readonly reason: string;
  /** Whether it skips the rollout that the project requires. */
  readonly force?: boolean;
};
type NamedWish = Wish & { readonly model: string };

type Place = { readonly tx: Postgres; readonly scope: Scope; readonly model: ModelRow };
type Move = {
  readonly alias: string;
  readonly from: number | null;
  readonly to: number | null;
  readonly reason: string;
  readonly force?: boolean | undefined;
};

/** Within the caller's transaction. The caller notifies the gateway afterwards. */
function createPointing({ audit, clock }: Pick<Deps, "audit" | "clock">) {
  async function note({ tx, scope, model }: Place, { alias, from, to, reason, force }: Move) {
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
    const details = { alias, from, to, reason, ...(force && { force }) };
    await audit.record(scope, { action: "model-alias.move", target: model.name, details }, tx);
  }
  async function point(place: Place, { alias, version, reason, force }: Wish) {
    const { tx, scope, model } = place;
    const store = createAliasStore(tx);
    const before = await store.findHeld(model.id, alias);
    const row = await findVersion(tx, model, version);
    if (before?.versionId === row.id) return;
    await checkApproval(place, alias, row);
    const { actor: movedBy } = scope;
    const movedAt = new Date(clock.now());
    await store.save({ modelId: model.id, alias, versionId: row.id, number: row.number, movedBy, movedAt });
    // Checked after the alias points to the version: its files can no longer be removed.
    requireFiles(model.name, await findVersion(tx, model, String(row.number)));
    await note(place, { alias, from: before?.number ?? null, to: row.number, reason, force });
  }
  return { note, point };
}

async function checkApproval({ tx, scope }: Place, alias: string, { stage, number }: VersionRow): Promise<void> {
  if (!GUARDED.has(alias) || stage === alias) return;
  if (!(await createSettingsStore(tx).needsApproval(scope.projectId))) return;
  throw new AppError("conflict", {
    message: `In this project the alias "${alias}" needs the approval of a second person. Request the stage "${alias}" for version ${number} first. After the approval, you can move the alias.`,
    details: { param: "version", code: "approval_needed" },
  });
}

/** A move that may have to wait for rollouts. Throws if it could not be made. */
async function planMove(db: Postgres, scope: Scope, { model: name, alias, version, reason }: NamedWish) {
  const model = await findModel(db, scope, name);
  const row = await findVersion(db, model, version);
  await checkApproval({ tx: db, scope, model }, alias, row);
  requireFiles(model.name, row);
  const from = await answeringNumber(db, model, alias);
  return { model: model.name, alias, from, to: row.number, reason } satisfies AliasChange;
}

/** The version that the alias stands for now. Without `production`, a bare name stands for the newest version. */
async function answeringNumber(db: Postgres, { id, name, projectId }: ModelRow, alias: string) {
  const aliases = await createAliasStore(db).list([id]);
  const row = aliases.find((other) => other.alias === alias);
  if (row || alias !== "production") return row?.number ?? null;
  const rows = (await createServedStore(db).listServed(projectId)).filter((served) => served.name === name);
  return pickVersion(rows, new Map(), null)?.number ?? null;
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

    /** Within the caller's transaction. The caller calls `forget` after its commit. */
    async moveIn(tx: Postgres, scope: Scope, { model: name, ...wish }: NamedWish) {
      await point({ tx, scope, model: await findModel(tx, scope, name) }, wish);
    },

    plan: (scope: Scope, name: string, wish: Wish) => planMove(db, scope, { model: name, ...wish }),

    async previousVersion(scope: Scope, name: string, alias: string): Promise<string> {
      const model = await findModel(db, scope, name);
      const last = await createMoveStore(db).findLastMove(model.id, alias);
      if (!last) throw notFound("alias", alias);
      if (last.fromNumber !== null) return String(last.fromNumber);
      throw new AppError("conflict", {
        message: `"${alias}" has always pointed to version ${last.toNumber}, so there is no earlier version to return to.`,
      });
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
