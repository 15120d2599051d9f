import type { ParsedOf, RegistryModel, registryApi } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { findModel } from "../refs/find-version.ts";
import { listUses } from "../serve/list-uses.ts";
import type { Serving } from "../serve/serve-versions.ts";
import { createAliasStore } from "../stores/alias-store.ts";
import type { RegistryDeps, StoreDeps } from "../stores/deps.ts";
import { createFilterStore, createModelStore, type ModelRow } from "../stores/model-store.ts";
import { createVersionWriter } from "../stores/version-store.ts";
import { createPresenter } from "./present.ts";

type Body<K extends keyof typeof registryApi> = ParsedOf<(typeof registryApi)[K]> extends { body: infer B } ? B : never;
type Query = ParsedOf<(typeof registryApi)["GET /api/v1/registry/models"]>["query"];
type Deps = StoreDeps & {
  readonly listEndpoints: RegistryDeps["listEndpoints"];
  readonly serving: Pick<Serving, "whyNotOf" | "forget">;
  /** Deletes versions with their contents that nothing else uses. */
  readonly dropVersions: (scope: Scope, model: ModelRow) => Promise<void>;
  /** Sees each day to the rules of retention. */
  readonly sendDaily: (scope: Scope, tx: Postgres) => Promise<unknown>;
};

/** Models, which are names with versions below them. */
export function createModelsService(deps: Deps) {
  const { db, audit, clock, dropVersions, serving, sendDaily } = deps;
  const presenter = createPresenter(deps);
  async function show(row: ModelRow): Promise<RegistryModel> {
    const [model] = await presenter.models(row.projectId, [row]);
    if (!model) throw notFound("registered model", row.name);
    return model;
  }

  return {
    show,
    get: async (scope: Scope, name: string) => show(await findModel(db, scope, name)),

    async list({ projectId }: Scope, { search, tag, stage, base, cursor, limit }: Query) {
      const after = cursor === undefined ? null : String(fromCursor(cursor, 1)[0]);
      const rows = await createModelStore(db).list(projectId, {
        search,
        tag: toTag(tag),
        stage,
        base,
        after,
        limit: limit + 1,
      });
      const page = toPage(rows, limit, ({ name }) => [name]);
      return { items: await presenter.models(projectId, page.items), nextCursor: page.nextCursor };
    },
    filters: ({ projectId }: Scope) => createFilterStore(db).listFilters(projectId),
    uses: async (scope: Scope, name: string) => listUses(deps, scope, await findModel(db, scope, name)),

    async create(scope: Scope, input: Body<"POST /api/v1/registry/models">): Promise<RegistryModel> {
      const row = await db.transaction(async (tx) => {
        const created = await createModelStore(tx).create(newModel(scope, input, new Date(clock.now())));
        if (!created)
          throw new AppError("conflict", {
            message: `There is already a model "${input.name}". Choose another name, or add a version to the existing model.`,
            details: { param: "name" },
          });
        await audit.record(scope, { action: "registry-model.create", target: created.name }, tx);
        if (typeof created.retention === "object") await sendDaily(scope, tx);
        return created;
      });
      return show(row);
    },

    async update(scope: Scope, name: string, changes: Body<"PATCH /api/v1/registry/models/:name">) {
      const row = await db.transaction(async (tx) => {
        const updatedAt = new Date(clock.now());
        const updated = await createModelStore(tx).update(scope.projectId, name, { ...changes, updatedAt });
        if (!updated) throw notFound("registered model", name);
        if (typeof changes.retention === "object") await sendDaily(scope, tx);
        await audit.record(
          scope,
          { action: "registry-model.update", target: name, details: { fields: Object.keys(changes) } },
          tx,
        );
        return updated;
      });
      return show(row);
    },

    async delete(scope: Scope, name: string): Promise<void> {
      const model = await findModel(db, scope, name);
      await checkUnused(db, model);
      await dropVersions(scope, model);
      await db.transaction(async (tx) => {
        await createModelStore(tx).delete(scope.projectId, name);
        await audit.record(scope, { action: "registry-model.delete", target: name }, tx);
      });
      serving.forget(scope.projectId);
    },
  };
}

/** Throws `conflict` for a model that something still needs. */
async function checkUnused(db: StoreDeps["db"], { id, name }: ModelRow): Promise<void> {
  const aliases = await createAliasStore(db).list([id]);
  if (aliases.length > 0) {
    const names = aliases.map(({ alias, number }) => `${alias} (version ${number})`).join(", ");
    throw new AppError("conflict", {
      message: `${names} ${aliases.length === 1 ? "points" : "point"} to "${name}". Remove the aliases first, so that you do not delete a model in use by accident.`,
    });
  }
  const above = await createVersionWriter(db).listAboveModel(id);
  if (above.length > 0) {
    const adapters = above.map((one) => `${one.name}@v${one.version} (over version ${one.over})`).join(", ");
    throw new AppError("conflict", {
      message: `"${name}" is the base of ${adapters}. Delete those adapters first; they cannot run without their base.`,
    });
  }
}

export const newModel = (
  { projectId, actor }: Scope,
  given: Pick<ModelRow, "name" | "description" | "tags" | "keepVersions" | "retention">,
  now: Date,
): ModelRow => ({
  id: newId("mdl", now.getTime()),
  projectId,
  ...given,
  lastVersion: 0,
  createdBy: actor,
  createdAt: now,
  updatedAt: now,
});

function toTag(tag: string | undefined) {
  if (tag === undefined || tag === "") return null;
  const at = tag.indexOf("=");
  return at === -1 ? { key: tag, value: null } : { key: tag.slice(0, at), value: tag.slice(at + 1) };
}
