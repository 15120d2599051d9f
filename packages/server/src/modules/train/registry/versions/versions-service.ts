import type {
  ModelComparison,
  ModelLineage,
  ModelStage,
  ModelVersion,
  ParsedOf,
  registryApi,
  WholeModelVersion,
} from "@treadle/contract";
import type { z } from "zod";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { fromCursor, toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { createPresenter } from "../models/present.ts";
import { findModel, findVersion, requireFiles } from "../refs/find-version.ts";
import type { Serving } from "../serve/serve-versions.ts";
import { createAliasStore } from "../stores/alias-store.ts";
import type { RegistryDeps, StoreDeps } from "../stores/deps.ts";
import type { ModelRow } from "../stores/model-store.ts";
import { createFileStore, createVersionStore, createVersionWriter, type VersionRow } from "../stores/version-store.ts";
import { compareVersions } from "./compare-versions.ts";
import { traceLineage } from "./trace-lineage.ts";
import { writeCard } from "./write-card.ts";

type Changes = ParsedOf<(typeof registryApi)["PATCH /api/v1/registry/models/:name/versions/:version"]>["body"];
export type Place = { readonly name: string; readonly version: string };
type Sides = { readonly left: string; readonly right: string; readonly with?: string | undefined };
type Deps = StoreDeps &
  Pick<RegistryDeps, "listEndpoints" | "objects"> & {
    readonly serving: Pick<Serving, "whyNotOf" | "forget">;
    readonly drop: (scope: Scope, model: ModelRow, rows: readonly VersionRow[]) => Promise<void>;
  };

/** Versions: their files never change, what people wrote of them does. */
export function createVersionsService({ db, audit, namesOf, serving, drop, listEndpoints, objects }: Deps) {
  const presenter = createPresenter({ db, namesOf });

  async function find(scope: Scope, { name, version }: Place) {
    const model = await findModel(db, scope, name);
    return { model, row: await findVersion(db, model, version) };
  }
  async function show(scope: Scope, model: ModelRow, row: VersionRow): Promise<ModelVersion> {
    const whyNot = await serving.whyNotOf(scope.projectId);
    const [shown] = await presenter.versions(scope, { model, rows: [row], whyNot });
    if (!shown) throw notFound("model version", String(row.number));
    return shown;
  }
  async function whole(scope: Scope, place: Place): Promise<z.infer<typeof WholeModelVersion>> {
    const { model, row } = await find(scope, place);
    const files = await createFileStore(db).listFiles(row.id);
    return { ...(await show(scope, model, row)), files, findings: row.findings };
  }

  return {
    whole,
    async get(scope: Scope, place: Place): Promise<ModelVersion> {
      const { model, row } = await find(scope, place);
      return show(scope, model, row);
    },

    async list(
      scope: Scope,
      name: string,
      { stage, cursor, limit }: { stage?: ModelStage | undefined; cursor?: string | undefined; limit: number },
    ) {
      const model = await findModel(db, scope, name);
      const before = cursor === undefined ? null : Number(fromCursor(cursor, 1)[0]);
      const rows = await createVersionStore(db).list(model.id, { stage, before, limit: limit + 1 });
      const page = toPage(rows, limit, ({ number }) => [number]);
      const whyNot = await serving.whyNotOf(scope.projectId);
      const items = await presenter.versions(scope, { model, rows: page.items, whyNot });
      return { items, nextCursor: page.nextCursor };
    },

    async update(scope: Scope, place: Place, changes: Changes): Promise<ModelVersion> {
      const { model, row } = await find(scope, place);
      const updated = await db.transaction(async (tx) => {
        const details = { version: row.number, fields: Object.keys(changes) };
        await audit.record(scope, { action: "model-version.update", target: model.name, details }, tx);
        return createVersionWriter(tx).update(scope.projectId, row.id, changes);
      });
      if (!updated) throw notFound("model version", place.version);
      return show(scope, model, updated);
    },

    async delete(scope: Scope, place: Place): Promise<void> {
      const { model, row } = await find(scope, place);
      await checkUnused(db, model, row);
      await drop(scope, model, [row]);
      serving.forget(scope.projectId);
    },

    async card(scope: Scope, place: Place): Promise<string> {
      const { model, row } = await find(scope, place);
      const [shown] = await presenter.models(scope.projectId, [model]);
      const files = await createFileStore(db).listFiles(row.id);
      if (!shown) throw notFound("registered model", place.name);
      return writeCard({ model: shown, version: await show(scope, model, row), files });
    },

    async lineage(scope: Scope, place: Place): Promise<ModelLineage> {
      const { model, row } = await find(scope, place);
      const above = await createVersionWriter(db).listAbove(row.id);
      return traceLineage({ version: await show(scope, model, row), endpoints: await listEndpoints(scope), above });
    },

    async compare(scope: Scope, name: string, { left, right, with: other = name }: Sides): Promise<ModelComparison> {
      const side = async (place: Place) => {
        const { model, row } = await find(scope, place);
        return { version: await show(scope, model, row), files: await createFileStore(db).listFiles(row.id) };
      };
      return compareVersions(await side({ name, version: left }), await side({ name: other, version: right }));
    },

    openFile: async (scope: Scope, place: Place, path: string) =>
      openFile({ db, objects }, await find(scope, place), path),
  };
}
type Found = { readonly model: ModelRow; readonly row: VersionRow };

/** A file of a version, to be read. Throws `not_found` for a path that it does not have, `unprocessable` when its files went. */
async function openFile({ db, objects }: Pick<Deps, "db" | "objects">, { model, row }: Found, path: string) {
  requireFiles(model.name, row);
  const file = (await createFileStore(db).listFiles(row.id)).find((one) => one.path === path);
  if (!file) throw notFound("file of this version", path.slice(0, 200));
  return { ...file, content: await objects.get(file.sha256) };
}

/** Throws `conflict` for a version that something still needs. */
async function checkUnused(db: Deps["db"], model: ModelRow, row: VersionRow): Promise<void> {
  const aliases = (await createAliasStore(db).list([model.id])).filter(({ versionId }) => versionId === row.id);
  const above = await createVersionWriter(db).listAbove(row.id);
  if (aliases.length > 0)
    throw new AppError("conflict", {
      message: `${aliases.map(({ alias }) => alias).join(", ")} ${aliases.length === 1 ? "points" : "point"} to version ${row.number}. Move or remove the alias first.`,
    });
  if (above.length > 0)
    throw new AppError("conflict", {
      message: `Version ${row.number} is the base of the adapter ${above.map((one) => `${one.name}@v${one.version}`).join(", ")}. Delete the adapter first.`,
    });
}
export type Versions = ReturnType<typeof createVersionsService>;
