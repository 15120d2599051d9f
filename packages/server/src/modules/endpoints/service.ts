import { createHash } from "node:crypto";
import type { Endpoint, endpointsApi, ParsedOf } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import { createPerProject } from "../../kernel/per-project.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { Audit } from "../audit/index.ts";
import type { Connections } from "../connections/index.ts";
import { createEndpointStore } from "./store.ts";

type EndpointInput = ParsedOf<(typeof endpointsApi)["POST /api/v1/endpoints"]>["body"];

/** An endpoint as the gateway uses it; the hash is the SHA-256 of what shapes its answers. */
export type ResolvedEndpoint = Pick<Endpoint, "id" | "name" | "targets" | "fallbacks" | "cacheTtlSeconds"> & {
  readonly configHash: string;
};

type Deps = {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly clock: Clock;
  readonly connections: Pick<Connections, "resolve">;
  readonly models: { isLocal(modelId: string): boolean };
  /** Whether a name stands for a version in the project's registry. */
  readonly registered: { knows(projectId: string, name: string): Promise<boolean> };
};

/** Other servers' changes are seen after this long. */
const MAX_AGE_MS = 10_000;

/** Names that applications call as a model: each stands for weighted targets and a chain of fallbacks. */
export function createEndpoints({ db, audit, clock, connections, models, registered }: Deps) {
  const store = createEndpointStore(db);
  const check = createCheck({ connections, models, registered });
  const cache = createPerProject<ReadonlyMap<string, ResolvedEndpoint>>({
    clock,
    maxAgeMs: MAX_AGE_MS,
    load: async (projectId) =>
      new Map((await store.list(projectId)).map((endpoint) => [endpoint.name, resolved(endpoint)])),
  });

  return {
    list: (scope: Scope) => store.list(scope.projectId),

    async get(scope: Scope, endpointId: string): Promise<Endpoint> {
      const endpoint = await store.find(scope.projectId, endpointId);
      if (!endpoint) throw notFound("endpoint", endpointId);
      return endpoint;
    },

    async create(scope: Scope, input: EndpointInput): Promise<Endpoint> {
      await check(scope.projectId, input);
      const now = new Date(clock.now());
      const endpoint = await db.transaction(async (tx) => {
        const row = {
          id: newId("end", clock.now()),
          projectId: scope.projectId,
          ...input,
          createdAt: now,
          updatedAt: now,
        };
        const created = await createEndpointStore(tx).create(row);
        if (!created) throw nameTaken(input.name);
        await audit.record(scope, { action: "endpoint.create", target: created.id, details: input }, tx);
        return created;
      });
      cache.forget(scope.projectId);
      return endpoint;
    },

    async replace(scope: Scope, endpointId: string, input: EndpointInput): Promise<Endpoint> {
      await check(scope.projectId, input);
      const endpoint = await db.transaction(async (tx) => {
        const inside = createEndpointStore(tx);
        if (await inside.hasOther(scope.projectId, input.name, endpointId)) throw nameTaken(input.name);
        const updated = await inside.update(scope.projectId, endpointId, {
          ...input,
          updatedAt: new Date(clock.now()),
        });
        if (!updated) throw notFound("endpoint", endpointId);
        await audit.record(scope, { action: "endpoint.update", target: endpointId, details: input }, tx);
        return updated;
      });
      cache.forget(scope.projectId);
      return endpoint;
    },

    async delete(scope: Scope, endpointId: string): Promise<void> {
      await db.transaction(async (tx) => {
        const deleted = await createEndpointStore(tx).delete(scope.projectId, endpointId);
        if (!deleted) throw notFound("endpoint", endpointId);
        await audit.record(
          scope,
          { action: "endpoint.delete", target: endpointId, details: { name: deleted.name } },
          tx,
        );
      });
      cache.forget(scope.projectId);
    },

    /** For the gateway: all of the project's endpoints by name, from memory. */
    resolve: (projectId: string) => cache.get(projectId),
  };
}
export type Endpoints = ReturnType<typeof createEndpoints>;

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `There is an endpoint "${name}" already. Choose another name, or change that one.`,
    details: { param: "name" },
  });

function resolved({ id, name, targets, fallbacks, cacheTtlSeconds }: Endpoint): ResolvedEndpoint {
  const configHash = createHash("sha256")
    .update(JSON.stringify([name, targets, fallbacks]))
    .digest("hex");
  return { id, name, targets, fallbacks, cacheTtlSeconds, configHash };
}

/** Every target must be something that can answer, and not the endpoint itself. */
function createCheck({ connections, models, registered }: Pick<Deps, "connections" | "models" | "registered">) {
  return async function check(projectId: string, { name, targets, fallbacks }: EndpointInput): Promise<void> {
    const known = await connections.resolve(projectId);
    const isKnown = (model: string) =>
      models.isLocal(model) ||
      known.some((connection) => isUnder(connection.slug, model) || connection.models.includes(model));
    for (const model of [...targets.map((target) => target.model), ...fallbacks]) {
      if (model === name)
        throw refuse(`"${name}" cannot be a target of itself. Name a model, such as \`connection-slug/model\`.`);
      if (isKnown(model) || (await registered.knows(projectId, model))) continue;
      const slugs = known.map(({ slug }) => `${slug}/…`).join(", ");
      throw refuse(
        `There is no model "${model}". Use a local model's id, or one of ${slugs || "your connections, once you have made one"}.`,
      );
    }
    if (targets.every(({ weight }) => weight === 0))
      throw refuse("Every target has the weight 0, so that none would be drawn. Give one a weight.");
  };
}

const isUnder = (slug: string, model: string) => model.startsWith(`${slug}/`) && model.length > slug.length + 1;
const refuse = (message: string) => new AppError("unprocessable", { message, details: { param: "targets" } });
