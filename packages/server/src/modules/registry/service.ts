import { createReadStream } from "node:fs";
import type { ModelExport, ModelFile, ModelStage } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import { createAliasesService } from "./aliases-service.ts";
import { createVersions } from "./create-version.ts";
import type { RegistryDeps } from "./deps.ts";
import { createDropping } from "./drop-versions.ts";
import { exportVersion } from "./export/export-version.ts";
import { tarBytes, writeTar } from "./export/tar.ts";
import { findBase } from "./find-base.ts";
import { createForTraining } from "./from-training.ts";
import { createImports } from "./import/import-model.ts";
import { createMlflow } from "./mlflow.ts";
import { createModelsService } from "./models-service.ts";
import { createServing } from "./serve-versions.ts";
import { createStagesService } from "./stages-service.ts";
import { createUploads } from "./uploads-service.ts";
import { createMadeStore, createVersionStore } from "./version-store.ts";
import { createVersionsService, type Place } from "./versions-service.ts";

/** Models with versions that never change, aliases that move, and what they came from. */
export function createRegistry(deps: RegistryDeps) {
  const { db, objects } = deps;
  const serving = createServing(deps);
  const { forget } = serving;
  const dropping = createDropping(deps);
  const aliases = createAliasesService({ ...deps, forget });
  const models = createModelsService({ ...deps, forget, dropVersions: dropping.dropAll });
  const versions = createVersionsService({ ...deps, serving, drop: dropping.drop });
  const stages = createStagesService(deps);
  const uploads = createUploads(deps);
  const createVersion = createVersions({ ...deps, aliases, forget, prune: dropping.prune });
  const imports = createImports({ ...deps, uploads, createVersion });
  const training = createForTraining({ ...deps, serving, createVersion });

  /** The files a server would be given: the model, and over an adapter's base the adapter. Null where there is no GGUF. */
  async function servedFiles(
    scope: Scope,
    place: Place,
  ): Promise<{ model: ModelFile; adapter: ModelFile | null } | null> {
    const { files, format, base } = await versions.whole(scope, place);
    const gguf = files.find(({ path }) => path.toLowerCase().endsWith(".gguf"));
    if (!gguf) return null;
    if (format !== "gguf-adapter") return { model: gguf, adapter: null };
    if (!base) return null;
    const below = base.version ?? null;
    if (below) {
      const under = await servedFiles(scope, { name: below.name, version: String(below.version) });
      return under && { model: under.model, adapter: gguf };
    }
    const found = await findBase(deps, scope, base.ref).catch(() => null);
    if (!found?.path) return null;
    const { sha256, sizeBytes } = await objects.put(createReadStream(found.path));
    return { model: { path: "model.gguf", sha256, sizeBytes }, adapter: gguf };
  }

  return {
    models,
    versions,
    stages,
    uploads,
    imports,
    mlflow: createMlflow({ ...deps, models, versions }),
    ...training,

    async setStage(scope: Scope, place: Place, wish: { stage: ModelStage; note: string }) {
      await stages.set(scope, place, wish);
      return versions.get(scope, place);
    },
    moveAlias: async (scope: Scope, name: string, wish: { alias: string; version: string; reason: string }) =>
      models.show(await aliases.move(scope, name, wish)),
    rollBackAlias: async (scope: Scope, name: string, wish: { alias: string; reason: string }) =>
      models.show(await aliases.rollBack(scope, name, wish)),
    removeAlias: async (scope: Scope, name: string, alias: string) =>
      models.show(await aliases.remove(scope, name, alias)),
    listMoves: aliases.listMoves,

    /** A tar archive of a version, its size known before the first byte. Throws `unprocessable` for a kind that it cannot be. */
    async export(scope: Scope, place: Place, kind: ModelExport) {
      const { files, findings: _, ...version } = await versions.whole(scope, place);
      if (files.length === 0) throw new AppError("unprocessable", { message: "This version has no files." });
      const served = kind === "container" ? await servedFiles(scope, place) : null;
      const entries = exportVersion(objects, kind, { version, files, card: await versions.card(scope, place), served });
      return {
        fileName: `${version.name}-v${version.version}-${kind}.tar`,
        sizeBytes: tarBytes(entries),
        read: () => writeTar(entries),
      };
    },

    /** For the gateway: what a name stands for, and the names there are. */
    served: { resolve: serving.resolve, knows: serving.knows, names: serving.names },
    /** Versions that were trained on rows of a dataset, newest first; with a root, on just that version of it. */
    listMadeOf: ({ projectId }: Scope, data: { datasetId: string; root: string | null }, limit: number) =>
      createMadeStore(db).listMadeOf(projectId, data, limit),
    /** Where a run's version stands; undefined while there is none. */
    findByRun: ({ projectId }: Scope, runId: string) => createVersionStore(db).findByRun(projectId, runId),
  };
}
export type Registry = ReturnType<typeof createRegistry>;
