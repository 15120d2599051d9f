import { MOST_SLOS, type Slo, SloInput, type SloPatch } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { SloDeps } from "./deps.ts";
import type { createDaysJob } from "./follow-days.ts";
import { monitorOf } from "./monitor-of.ts";
import { toInput } from "./present.ts";
import { createSloStore, type SloRow } from "./store.ts";

type Deps = SloDeps & {
  readonly follow: ReturnType<typeof createDaysJob>["follow"];
  readonly present: (row: SloRow) => Promise<Slo>;
};

/** What changes an SLO. Its monitor is changed first, since monitors have their own transactions. */
export const createSloWrites = (deps: Deps) => ({
  create: (scope: Scope, input: SloInput) => createSlo(deps, scope, input),
  update: (scope: Scope, sloId: string, patch: SloPatch) => updateSlo(deps, scope, { sloId, patch }),
  delete: (scope: Scope, sloId: string) => deleteSlo(deps, scope, sloId),
});

/** Throws `not_found`. */
export async function getRow({ db }: Pick<SloDeps, "db">, { projectId }: Scope, sloId: string): Promise<SloRow> {
  const row = await createSloStore(db).find(projectId, sloId);
  if (!row) throw notFound("SLO", sloId);
  return row;
}

async function createSlo(deps: Deps, scope: Scope, input: SloInput): Promise<Slo> {
  const { db, clock, monitors } = deps;
  await checkName(deps, scope, { name: input.name, exceptId: "" });
  if ((await createSloStore(db).list(scope.projectId)).length >= MOST_SLOS)
    throw new AppError("unprocessable", { message: `A project has at most ${MOST_SLOS} SLOs. Delete one first.` });
  const monitorId = await applyMonitor(deps, scope, { input, current: null });
  const row = toRow(scope, input, { now: clock.now(), monitorId });
  try {
    await insert(deps, scope, row);
  } catch (error) {
    if (monitorId !== null) await monitors.delete(scope, monitorId);
    throw error;
  }
  return deps.present(row);
}

async function insert({ db, audit, follow }: Deps, scope: Scope, row: SloRow): Promise<void> {
  await db.transaction(async (tx) => {
    await createSloStore(tx).create(row);
    await follow(scope, tx);
    const { name, endpoint, objective, monitorId } = row;
    const details = { name, endpoint, indicator: row.indicator.kind, objective, monitorId };
    await audit.record(scope, { action: "slo.create", target: row.id, details }, tx);
  });
}

type Change = { readonly sloId: string; readonly patch: SloPatch };

async function updateSlo(deps: Deps, scope: Scope, { sloId, patch }: Change): Promise<Slo> {
  const { db, audit, clock } = deps;
  const known = await getRow(deps, scope, sloId);
  const input = SloInput.parse({ ...toInput(known), ...patch });
  await checkName(deps, scope, { name: input.name, exceptId: sloId });
  const monitorId = await applyMonitor(deps, scope, { input, current: known.monitorId });
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
  return deps.present(row);
}

async function deleteSlo({ db, audit, monitors }: Deps, scope: Scope, sloId: string): Promise<void> {
  const row = await db.transaction(async (tx) => {
    const deleted = await createSloStore(tx).delete(scope.projectId, sloId);
    if (!deleted) throw notFound("SLO", sloId);
    await audit.record(scope, { action: "slo.delete", target: sloId, details: { name: deleted.name } }, tx);
    return deleted;
  });
  if (row.monitorId !== null) await monitors.delete(scope, row.monitorId);
}

type Monitored = { readonly input: SloInput; readonly current: string | null };

/** Creates, changes or deletes the monitor, and gives its id. */
async function applyMonitor(deps: Deps, scope: Scope, { input, current }: Monitored): Promise<string | null> {
  const { monitors, whereSpans } = deps;
  if (!input.alerts.isEnabled) {
    if (current !== null) await monitors.delete(scope, current);
    return null;
  }
  const plan = monitorOf(input, (filter) => whereSpans(scope.projectId, filter, null));
  if (current !== null && (await monitors.update(scope, current, plan))) return current;
  return monitors.create(scope, plan);
}

type Named = { readonly name: string; readonly exceptId: string };

async function checkName({ db }: Deps, { projectId }: Scope, { name, exceptId }: Named): Promise<void> {
  if (!(await createSloStore(db).isNameUsed(projectId, name, exceptId))) return;
  throw new AppError("conflict", {
    message: `This project already has an SLO named "${name}". Use another name.`,
    details: { param: "name" },
  });
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
