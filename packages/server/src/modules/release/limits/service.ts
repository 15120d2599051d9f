import type { Limit, LimitInput, LimitPatch, LimitUsage } from "@treadle/contract";
import { notFound } from "../../../kernel/errors.ts";
import { cutPage, wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { StoredLimit } from "./counting/active-limit.ts";
import type { Limiter } from "./counting/limiter.ts";
import { usageOf } from "./counting/use-counter.ts";
import { createLimitStore } from "./store.ts";
import { createLimit, deleteLimit, recomputeLimit, updateLimit, type WriteDeps } from "./write-limit.ts";

const SHOWN_VALUES = 10;

type Page = { readonly limit: number; readonly cursor?: string | undefined };

/** The limits of a project. A change applies to the next call. */
export function createLimits(deps: WriteDeps) {
  const { limiter } = deps;
  const store = createLimitStore(deps.db);
  const describe = (stored: StoredLimit) => withUsage(stored, usageIn(limiter, stored));
  async function find(scope: Scope, limitId: string): Promise<StoredLimit> {
    const limit = await store.find(scope.projectId, limitId);
    if (!limit) throw notFound("limit", limitId);
    return limit;
  }
  return {
    list: async (scope: Scope) => wholeList((await store.list(scope.projectId)).map(describe)),
    get: async (scope: Scope, limitId: string) => describe(await find(scope, limitId)),
    listUsage: async (scope: Scope, limitId: string, page: Page) =>
      cutPage(usageIn(limiter, await find(scope, limitId)), page, ({ percent, value }) => [-percent, value]),
    create: async (scope: Scope, input: LimitInput) => describe(await createLimit(deps, scope, input)),
    update: async (scope: Scope, limitId: string, patch: LimitPatch) =>
      describe(await updateLimit(deps, scope, { before: await find(scope, limitId), patch })),
    delete: (scope: Scope, limitId: string) => deleteLimit(deps, scope, limitId),
    async recompute(scope: Scope, limitId: string): Promise<Limit> {
      const stored = await find(scope, limitId);
      await recomputeLimit(deps, scope, stored);
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
