import type { ParsedOf, RegistryModel, registryApi } from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import { fromCursor, toPage } from "../../kernel/pages.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import { createAliasStore } from "./alias-store.ts";
import type { StoreDeps } from "./deps.ts";
import { findModel } from "./find-place.ts";
import { createModelStore, type ModelRow } from "./model-store.ts";
import { createPresenter } from "./present.ts";

type Body<K extends keyof typeof registryApi> = ParsedOf<(typeof registryApi)[K]> extends { body: infer B } ? B : never;
type Query = ParsedOf<(typeof registryApi)["GET /api/v1/registry/models"]>["query"];
type Deps = StoreDeps & {
  /** Deletes versions with what nobody else has of their contents. */
  readonly dropVersions: (scope: Scope, model: ModelRow) => Promise<void>;
  readonly forget: (projectId: string) => void;
  /** Sees each day to the rules of retention. */
  readonly sendDaily: (scope: Scope, tx: Postgres) => Promise<unknown>;
};

/** Models, which are names with versions below them. */
export function createModelsService({ db, audit, clock, dropVersions, forget, sendDaily }: Deps) {
  const presenter = createPresenter(db);
  async function show(row: ModelRow): Promise<RegistryModel> {
    const [model] = await presenter.models([row]);
    if (!model) throw notFound("registered model", row.name);
    return model;
  }

  return {
    show,
    get: async (scope: Scope, name: string) => show(await findModel(db, scope, name)),

    async list({ projectId }: Scope, { search, tag, cursor, limit }: Query) {
      const after = cursor === undefined ? null : String(fromCursor(cursor, 1)[0]);
      const rows = await createModelStore(db).list(projectId, { search, tag: toTag(tag), after, limit: limit + 1 });
      const page = toPage(rows, limit, ({ name }) => [name]);
      return { items: await presenter.models(page.items), nextCursor: page.nextCursor };
    },

    async create(scope: Scope, input: Body<"POST /api/v1/registry/models">): Promise<RegistryModel> {
      const row = await db.transaction(async (tx) => {
        const created = await createModelStore(tx).create(newModel(scope, input, new Date(clock.now())));
        if (!created)
          throw new AppError("conflict", {
            message: `There is a model "${input.name}" already. Choose another name, or give that one a new version.`,
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
      const aliases = await createAliasStore(db).list([model.id]);
      if (aliases.length > 0) {
        const names = aliases.map(({ alias, number }) => `${alias} (version ${number})`).join(", ");
        throw new AppError("conflict", {
          message: `"${name}" is pointed at by ${names}. Take the aliases away first, so that nothing that is served goes by accident.`,
        });
      }
      await dropVersions(scope, model);
      await db.transaction(async (tx) => {
        await createModelStore(tx).delete(scope.projectId, name);
        await audit.record(scope, { action: "registry-model.delete", target: name }, tx);
      });
      forget(scope.projectId);
    },
  };
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
