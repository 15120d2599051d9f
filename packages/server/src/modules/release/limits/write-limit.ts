import type { Limit, LimitInput, LimitPatch } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { checkLimit } from "./check-limit.ts";
import type { ActiveLimit, StoredLimit } from "./counting/active-limit.ts";
import type { Limiter } from "./counting/limiter.ts";
import { createLimitStore } from "./store.ts";

const MOST_LIMITS = 500;

export type WriteDeps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly recount: (limit: ActiveLimit) => Promise<void>;
};

/** A quota includes what was used since its period began. */
export async function createLimit(
  { db, audit, clock, limiter, recount }: WriteDeps,
  scope: Scope,
  input: LimitInput,
): Promise<StoredLimit> {
  checkLimit(input);
  if ((await createLimitStore(db).count(scope.projectId)) >= MOST_LIMITS) throw tooMany();
  const stored = newLimit(scope, input, clock.now());
  await db.transaction(async (tx) => {
    if (!(await createLimitStore(tx).create(stored))) throw nameTaken(input.name);
    await audit.record(scope, { action: "limit.create", target: stored.limitId, details: input }, tx);
  });
  await recount(limiter.put(stored));
  return stored;
}

type Change = { readonly before: StoredLimit; readonly patch: LimitPatch };

export async function updateLimit(
  { db, audit, clock, limiter, recount }: WriteDeps,
  scope: Scope,
  { before, patch }: Change,
): Promise<StoredLimit> {
  const { projectId, limitId } = before;
  const after = { ...before, ...withoutUndefined(patch), updatedAt: new Date(clock.now()).toISOString() };
  checkLimit(after);
  await db.transaction(async (tx) => {
    const store = createLimitStore(tx);
    if (await store.isNameTaken(projectId, after.name, limitId)) throw nameTaken(after.name);
    await store.update(projectId, after);
    await audit.record(scope, { action: "limit.update", target: limitId, details: patch }, tx);
  });
  const limit = limiter.put(after);
  if (before.timeZone !== after.timeZone) await recount(limit);
  return after;
}

export async function deleteLimit({ db, audit, limiter }: WriteDeps, scope: Scope, limitId: string): Promise<void> {
  await db.transaction(async (tx) => {
    const deleted = await createLimitStore(tx).delete(scope.projectId, limitId);
    if (!deleted) throw notFound("limit", limitId);
    const details = { name: deleted.name };
    await audit.record(scope, { action: "limit.delete", target: limitId, details }, tx);
  });
  limiter.remove(scope.projectId, limitId);
}

export async function recomputeLimit(
  { audit, limiter, recount }: WriteDeps,
  scope: Scope,
  { limitId, name }: Pick<Limit, "limitId" | "name">,
): Promise<void> {
  const limit = limiter.find(scope.projectId, limitId);
  if (limit?.kind !== "quota")
    throw new AppError("unprocessable", {
      message: `The limit "${name}" has no daily or monthly period, so there is nothing to count again.`,
    });
  await recount(limit);
  await audit.record(scope, { action: "limit.recompute", target: limitId, details: { name } });
}

function newLimit(scope: Scope, input: LimitInput, now: number): StoredLimit {
  const createdAt = new Date(now).toISOString();
  const identity = { limitId: newId("lim", now), projectId: scope.projectId };
  return { ...identity, ...input, createdBy: scope.actor, createdAt, updatedAt: createdAt };
}

/** A field that a patch leaves out stays as it is. */
const withoutUndefined = (patch: LimitPatch): { [Name in keyof LimitPatch]?: Exclude<LimitPatch[Name], undefined> } =>
  Object.fromEntries(Object.entries(patch).filter(([, value]) => value !== undefined));

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `There is already a limit "${name}". Choose another name.`,
    details: { param: "name" },
  });

const tooMany = () =>
  new AppError("unprocessable", {
    message: `A project has at most ${MOST_LIMITS} limits. Delete a limit first, or use one limit for each value of a scope.`,
  });
