import type { SemanticCacheStatus } from "@treadle/contract";
import { AppError, notFound } from "../../../../../kernel/errors.ts";
import type { Scope } from "../../../../../kernel/scope.ts";
import type { ResolvedEndpoint } from "../../../endpoints/index.ts";
import type { SemanticCacheDeps } from "./deps.ts";
import type { EntryStore } from "./entry-store.ts";
import type { createLoadedEntries } from "./loaded-entries.ts";
import type { Measure, MeasuredEndpoint } from "./measure.ts";
import { CHECKS_NEEDED, falseHitRate } from "./next-state.ts";
import { createStateStore, type StateRow } from "./state-store.ts";
import type { UseStore } from "./use-store.ts";

type Deps = Pick<SemanticCacheDeps, "db" | "clock" | "audit" | "endpoints"> & {
  readonly store: EntryStore;
  readonly uses: UseStore;
  readonly index: ReturnType<typeof createLoadedEntries>;
  readonly measure: Measure;
};

const MOST_FALSE_HITS = 20;

/** What people see of the cache of an endpoint, and what they can do about it. */
export function createStatusPage(deps: Deps) {
  const { audit, store, index, measure } = deps;
  const status = async (scope: Scope, endpointId: string) => statusOf(deps, scope, await find(deps, scope, endpointId));
  return {
    status,

    /** Throws `unprocessable` when the endpoint has no semantic cache. */
    async restart(scope: Scope, endpointId: string): Promise<SemanticCacheStatus> {
      const endpoint = await find(deps, scope, endpointId);
      if (!isMeasured(endpoint)) throw isOff(endpoint.name);
      await measure.restart(scope.projectId, endpoint);
      await audit.record(scope, { action: "endpoint.semantic-cache.restart", target: endpointId, details: {} });
      return status(scope, endpointId);
    },

    async clear(scope: Scope, endpointId: string): Promise<void> {
      await find(deps, scope, endpointId);
      await store.clear(scope.projectId, endpointId);
      index.forget();
      await audit.record(scope, { action: "endpoint.semantic-cache.clear", target: endpointId, details: {} });
    },
  };
}

async function find({ endpoints }: Deps, { projectId }: Scope, endpointId: string): Promise<ResolvedEndpoint> {
  const byName = await endpoints.resolve(projectId);
  const endpoint = [...byName.values()].find((one) => one.endpointId === endpointId);
  if (!endpoint) throw notFound("endpoint", endpointId);
  return endpoint;
}

async function statusOf(
  { db, clock, store, uses }: Deps,
  { projectId }: Scope,
  endpoint: ResolvedEndpoint,
): Promise<SemanticCacheStatus> {
  const { endpointId, configHash } = endpoint;
  if (!isMeasured(endpoint)) return { ...OFF, endpointId };
  const stored = await createStateStore(db).find(projectId, endpointId);
  const row = stored?.configHash === configHash ? stored : undefined;
  const entries = await store.count(projectId, endpointId, new Date(clock.now()));
  const since = row?.startedAt ?? new Date(clock.now());
  const rows = await uses.listFalse(projectId, endpointId, { since, limit: MOST_FALSE_HITS });
  const measured = { ...OFF, state: "measuring" as const, ...(row && countsOf(row)) };
  return { ...measured, endpointId, entries, recentFalseHits: rows.map(toFalseHit) };
}

const isMeasured = (endpoint: ResolvedEndpoint): endpoint is ResolvedEndpoint & MeasuredEndpoint =>
  endpoint.semanticCache !== null;

const isOff = (name: string) =>
  new AppError("unprocessable", {
    message: `The semantic cache of the endpoint "${name}" is off. Set \`semanticCache\` of the endpoint first.`,
    details: { param: "endpointId" },
  });

const OFF: Omit<SemanticCacheStatus, "endpointId"> = {
  state: "off",
  reason: null,
  entries: 0,
  hits: 0,
  checks: 0,
  checksNeeded: CHECKS_NEEDED,
  falseHits: 0,
  falseHitRate: null,
  startedAt: null,
  recentFalseHits: [],
};

const countsOf = ({ state, reason, hits, checks, falseHits, startedAt }: StateRow) => ({
  state,
  reason,
  hits,
  checks,
  falseHits,
  falseHitRate: falseHitRate({ checks, falseHits }),
  startedAt: startedAt.toISOString(),
});

type FalseRow = Awaited<ReturnType<UseStore["listFalse"]>>[number];

const toFalseHit = ({ createdAt, kind, similarity, traceId, sourceTraceId }: FalseRow) => ({
  checkedAt: createdAt.toISOString(),
  kind,
  similarity,
  traceId,
  sourceTraceId,
});
