import { MOST_SLOS, type Slo, type SloDay, SloInput, type SloPatch, type SloPreview } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { cutPage, wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { SloDeps } from "./deps.ts";
import { createDaysJob } from "./follow-days.ts";
import { monitorOf } from "./monitor-of.ts";
import { historyOf, toInput, toPreview, toSlo } from "./present.ts";
import { createCountReader } from "./read-counts.ts";
import { createSloStore, type SloRow } from "./store.ts";

type ListQuery = { readonly limit: number; readonly cursor?: string | undefined; readonly q?: string | undefined };

/** Objectives for the share of good requests. */
export function createSlos(deps: SloDeps) {
  const { db, clock } = deps;
  const reader = createCountReader(deps);
  const job = createDaysJob({ ...deps, reader });
  const present = async (row: SloRow): Promise<Slo> => toSlo(row, await reader.counts(row), clock.now());
  return {
    ...createSloChanges(deps, { follow: job.follow, present }),
    storeDays: job.storeDays,
    start: job.start,

    async list(
      { projectId }: Scope,
      { q = "", ...page }: ListQuery,
    ): Promise<{ items: Slo[]; nextCursor: string | null }> {
      const text = q.toLowerCase();
      const rows = await createSloStore(db).list(projectId);
      const matching = rows.filter(({ name, endpoint }) => `${name} ${endpoint}`.toLowerCase().includes(text));
      const { items, nextCursor } = cutPage(matching, page, ({ name, id }) => [name.toLowerCase(), id]);
      return { items: await inOrder(items, present), nextCursor };
    },
    get: async (scope: Scope, sloId: string): Promise<Slo> => present(await getRow(deps, scope, sloId)),
    async listDays(scope: Scope, sloId: string): Promise<{ items: SloDay[]; nextCursor: null }> {
      const row = await getRow(deps, scope, sloId);
      return wholeList(historyOf(row, await reader.counts(row), clock.now()));
    },
    async preview({ projectId }: Scope, input: SloInput): Promise<SloPreview> {
      return toPreview(input, await reader.preview(projectId, input), clock.now());
    },
  };
}
export type Slos = ReturnType<typeof createSlos>;

/** One at a time, since each may read many spans. */
async function inOrder<Item, Result>(items: readonly Item[], read: (item: Item) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (const item of items) results.push(await read(item));
  return results;
}

async function getRow({ db }: Pick<SloDeps, "db">, { projectId }: Scope, sloId: string): Promise<SloRow> {
  const row = await createSloStore(db).find(projectId, sloId);
  if (!row) throw notFound("SLO", sloId);
  return row;
}

type Parts = {
  readonly follow: ReturnType<typeof createDaysJob>["follow"];
  readonly present: (row: SloRow) => Promise<Slo>;
};

/** What changes an SLO. Its monitor is changed first, since monitors have their own transactions. */
function createSloChanges(deps: SloDeps, { follow, present }: Parts) {
  const { db, audit, clock, monitors } = deps;
  const planMonitor = (scope: Scope, input: SloInput) =>
    input.alerts.isEnabled ? monitorOf(input, (filter) => deps.whereSpans(scope.projectId, filter, null)) : null;

  /** Creates, changes or deletes the monitor, and gives its id. */
  async function applyMonitor(scope: Scope, input: SloInput, current: string | null): Promise<string | null> {
    const plan = planMonitor(scope, input);
    if (plan !== null && current !== null && (await monitors.update(scope, current, plan))) return current;
    if (plan !== null) return monitors.create(scope, plan);
    if (current !== null) await monitors.delete(scope, current);
    return null;
  }

  async function checkName({ projectId }: Scope, name: string, exceptId = ""): Promise<void> {
    if (!(await createSloStore(db).isNameUsed(projectId, name, exceptId))) return;
    throw new AppError("conflict", {
      message: `This project already has an SLO named "${name}". Use another name.`,
      details: { param: "name" },
    });
  }

  async function insert(scope: Scope, row: SloRow): Promise<void> {
    await db.transaction(async (tx) => {
      await createSloStore(tx).create(row);
      await follow(scope, tx);
      const { name, endpoint, objective, monitorId } = row;
      const details = { name, endpoint, indicator: row.indicator.kind, objective, monitorId };
      await audit.record(scope, { action: "slo.create", target: row.id, details }, tx);
    });
  }

  return {
    async create(scope: Scope, input: SloInput): Promise<Slo> {
      await checkName(scope, input.name);
      if ((await createSloStore(db).list(scope.projectId)).length >= MOST_SLOS)
        throw new AppError("unprocessable", {
          message: `A project has at most ${MOST_SLOS} SLOs. Delete one first.`,
        });
      const monitorId = await applyMonitor(scope, input, null);
      const row = toRow(scope, input, { now: clock.now(), monitorId });
      try {
        await insert(scope, row);
      } catch (error) {
        if (monitorId !== null) await monitors.delete(scope, monitorId);
        throw error;
      }
      return present(row);
    },

    async update(scope: Scope, sloId: string, patch: SloPatch): Promise<Slo> {
      const known = await getRow(deps, scope, sloId);
      const input = SloInput.parse({ ...toInput(known), ...patch });
      await checkName(scope, input.name, sloId);
      const monitorId = await applyMonitor(scope, input, known.monitorId);
      const isRecounted = countedOf(input) !== countedOf(toInput(known));
      const row = await db.transaction(async (tx) => {
        const store = createSloStore(tx);
        if (isRecounted) await store.deleteDays(scope.projectId, sloId);
        const again = isRecounted ? { revision: known.revision + 1, daysThrough: null } : {};
        const changes = { ...input, ...again, monitorId, updatedAt: new Date(clock.now()) };
        const changed = await store.update(scope.projectId, sloId, changes);
        if (!changed) throw notFound("SLO", sloId);
        const details = { name: changed.name, fields: Object.keys(patch) };
        await audit.record(scope, { action: "slo.update", target: sloId, details }, tx);
        return changed;
      });
      return present(row);
    },

    async delete(scope: Scope, sloId: string): Promise<void> {
      const row = await db.transaction(async (tx) => {
        const deleted = await createSloStore(tx).delete(scope.projectId, sloId);
        if (!deleted) throw notFound("SLO", sloId);
        await audit.record(scope, { action: "slo.delete", target: sloId, details: { name: deleted.name } }, tx);
        return deleted;
      });
      if (row.monitorId !== null) await monitors.delete(scope, row.monitorId);
    },
  };
}

/** What decides the counts of a day. */
const countedOf = ({ endpoint, filter, counts, indicator }: SloInput) =>
  JSON.stringify([endpoint, filter, counts, Object.entries(indicator).toSorted()]);

type Making = { readonly now: number; readonly monitorId: string | null };

function toRow({ projectId, actor }: Scope, input: SloInput, { now, monitorId }: Making): SloRow {
  return {
    id: newId("slo", now),
    projectId,
    ...input,
    monitorId,
    daysThrough: null,
    revision: 1,
    createdBy: actor,
    createdAt: new Date(now),
    updatedAt: new Date(now),
  };
}
