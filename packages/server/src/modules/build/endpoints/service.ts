import type { Endpoint, EndpointVersion } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { notFound } from "../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import { createPerProject } from "../../../kernel/per-project.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { type CheckDeps, createCheck } from "./check-content.ts";
import { contentOf, type EndpointContent, type EndpointInput } from "./content.ts";
import { createEndpointStore } from "./store.ts";
import { createAbTestWrites } from "./write-ab-test.ts";
import { createWriter, type NextVersion } from "./write-endpoint.ts";
import { createRolloutWrites } from "./write-rollout.ts";

/** An endpoint as the gateway uses it. */
export type ResolvedEndpoint = Pick<
  Endpoint,
  | "endpointId"
  | "name"
  | "variants"
  | "strategy"
  | "rules"
  | "assignBy"
  | "failover"
  | "fallbacks"
  | "cacheTtlSeconds"
  | "semanticCache"
  | "version"
  | "configHash"
  | "rollout"
  | "abTest"
>;

export type EndpointsDeps = CheckDeps & {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  /** Called after an endpoint was deleted. */
  readonly onDelete?: (scope: Scope, endpointId: string) => Promise<void>;
};

/** Other servers' changes are seen after this long. */
const MAX_AGE_MS = 10_000;

/** Names that applications call as a model: each stands for variants, a way to choose one, and fallbacks. */
export function createEndpoints({ db, audit, clock, onDelete, ...deps }: EndpointsDeps) {
  const store = createEndpointStore(db);
  const check = createCheck(deps);
  const write = createWriter({ db, audit, clock });
  const cache = createPerProject<ReadonlyMap<string, ResolvedEndpoint>>({
    clock,
    maxAgeMs: MAX_AGE_MS,
    load: async (projectId) => new Map((await store.list(projectId)).map((endpoint) => [endpoint.name, endpoint])),
  });

  async function get(scope: Scope, endpointId: string): Promise<Endpoint> {
    const endpoint = await store.find(scope.projectId, endpointId);
    if (!endpoint) throw notFound("endpoint", endpointId);
    return endpoint;
  }

  async function change(scope: Scope, endpointId: string, next: NextVersion): Promise<Endpoint> {
    await check(scope, next.content);
    const endpoint = await write.change(scope, endpointId, next);
    cache.forget(scope.projectId);
    return endpoint;
  }

  return {
    list: (scope: Scope) => store.list(scope.projectId),
    get,

    async create(scope: Scope, input: EndpointInput): Promise<Endpoint> {
      const content = contentOf(input);
      await check(scope, content);
      const endpoint = await write.create(scope, content);
      cache.forget(scope.projectId);
      return endpoint;
    },

    replace: (scope: Scope, endpointId: string, input: EndpointInput) =>
      change(scope, endpointId, { content: contentOf(input), restoredFrom: null }),

    /** Makes an earlier version the current one, as a new version. */
    async restore(scope: Scope, endpointId: string, version: number): Promise<Endpoint> {
      await get(scope, endpointId);
      const content = await store.findVersion(endpointId, version);
      if (!content) throw notFound("version of the endpoint", String(version));
      return change(scope, endpointId, { content, restoredFrom: version });
    },

    /** The versions, newest first. */
    async listVersions(
      scope: Scope,
      endpointId: string,
      { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined },
    ) {
      await get(scope, endpointId);
      const below = cursor === undefined ? undefined : Number(fromCursor(cursor, 1)[0]) || 0;
      const rows: EndpointVersion[] = await store.listVersions(endpointId, { limit: limit + 1, below });
      return toPage(rows, limit, ({ version }) => [version]);
    },

    async delete(scope: Scope, endpointId: string): Promise<void> {
      await write.delete(scope, endpointId);
      cache.forget(scope.projectId);
      await onDelete?.(scope, endpointId);
    },

    /** Throws `unprocessable` if a model or a prompt that the endpoint names cannot be used any more. */
    checkModels: (scope: Scope, content: EndpointContent): Promise<void> => check(scope, content),
    rewrite: write.rewrite,
    ...createRolloutWrites({ clock, audit }),
    ...createAbTestWrites({ clock, audit }),
    /** After a transaction that changes the traffic: the next request sees it. */
    forget: (projectId: string) => cache.forget(projectId),

    /** For the gateway: all of the project's endpoints by name, from memory. */
    resolve: (projectId: string) => cache.get(projectId),
  };
}
export type Endpoints = ReturnType<typeof createEndpoints>;
