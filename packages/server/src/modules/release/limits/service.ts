import type { Limit, LimitInput, LimitPatch, LimitUsage } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import { cutPage, wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { checkLimit } from "./check-limit.ts";
import type { ActiveLimit, StoredLimit } from "./counting/active-limit.ts";
import type { Limiter } from "./counting/limiter.ts";
import { usageOf } from "./counting/use-counter.ts";
import { createLimitStore } from "./store.ts";

const MOST_LIMITS = 500;
const SHOWN_VALUES = 10;

type Deps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly limiter: Limiter;
  readonly recount: (limit: ActiveLimit) => Promise<void>;
};
type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** The limits of a project. A change applies to the next call. */
export function createLimits({ db, audit, clock, limiter, recount }: Deps) {
  const store = createLimitStore(db);

  async function find(scope: Scope, limitId: string): Promise<StoredLimit> {
    const limit = await store.find(scope.projectId, limitId);
    if (!limit) throw notFound("limit", limitId);
    return limit;
  }

  const describe = (stored: StoredLimit) => withUsage(stored, usageIn(limiter, stored));

  async function refuseMore(scope: Scope): Promise<void> {
    if ((await store.count(scope.projectId)) < MOST_LIMITS) return;
    throw new AppError("unprocessable", {
      message: `A project has at most ${MOST_LIMITS} limits. Delete a limit first, or use one limit for each value of a scope.`,
    });
  }

  return {
    async list(scope: Scope) {
      return wholeList((await store.list(scope.projectId)).map(describe));
    },
    get: async (scope: Scope, limitId: string): Promise<Limit> => describe(await find(scope, limitId)),

    async listUsage(scope: Scope, limitId: string, page: Page) {
      const limit = await find(scope, limitId);
      return cutPage(usageIn(limiter, limit), page, ({ percent, value }) => [-percent, value]);
    },

    async create(scope: Scope, input: LimitInput): Promise<Limit> {
      checkLimit(input);
      await refuseMore(scope);
      const stored = newLimit(scope, input, clock.now());
      await db.transaction(async (tx) => {
        if (!(await createLimitStore(tx).create(stored))) throw nameTaken(input.name);
        await audit.record(scope, { action: "limit.create", target: stored.limitId, details: input }, tx);
      });
      await recount(limiter.put(stored));
      return describe(stored);
    },

    async update(scope: Scope, limitId: string, patch: LimitPatch): Promise<Limit> {
      const before = await find(scope, limitId);
      const after = { ...before, ...withoutUndefined(patch), updatedAt: new Date(clock.now()).toISOString() };
      checkLimit(after);
      await db.transaction(async (tx) => {
        const changing = createLimitStore(tx);
        if (await changing.isNameTaken(scope.projectId, after.name, limitId)) throw nameTaken(after.name);
        await changing.update(scope.projectId, after);
        await audit.record(scope, { action: "limit.update", target: limitId, details: patch }, tx);
      });
      const limit = limiter.put(after);
      if (before.timeZone !== after.timeZone) await recount(limit);
      return describe(after);
    },

    async delete(scope: Scope, limitId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const deleted = await createLimitStore(tx).delete(scope.projectId, limitId);
        if (!deleted) throw notFound("limit", limitId);
        const details = { name: deleted.name };
        await audit.record(scope, { action: "limit.delete", target: limitId, details }, tx);
      });
      limiter.remove(scope.projectId, limitId);
    },

    async recompute(scope: Scope, limitId: string): Promise<Limit> {
      const stored = await find(scope, limitId);
      const limit = limiter.find(scope.projectId, limitId);
      if (limit?.kind !== "quota")
        throw new AppError("unprocessable", {
          message: `The limit "${stored.name}" has no daily or monthly period, so there is nothing to count again.`,
        });
      await recount(limit);
      await audit.record(scope, { action: "limit.recompute", target: limitId, details: { name: stored.name } });
      return describe(stored);
    },
  };
}
export type LimitService = ReturnType<typeof createLimits>;

function usageIn(limiter: Limiter, { projectId, limitId }: StoredLimit): LimitUsage[] {
  const times = limiter.times();
  const counters = limiter.find(projectId, limitId)?.counters.values() ?? [];
  return [...counters].map((counter) => usageOf(counter, times));
}

function withUsage({ projectId: _, ...limit }: StoredLimit, usage: readonly LimitUsage[]): Limit {
  const sorted = usage.toSorted((left, right) => right.percent - left.percent);
  return { ...limit, usage: sorted.slice(0, SHOWN_VALUES), values: usage.length };
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
