import type { ModelFile } from "@treadle/contract";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Serving } from "../serve/serve-versions.ts";
import { createConversionStore } from "../stores/conversion-store.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import type { ModelRow } from "../stores/model-store.ts";
import { createFileStore, createVersionStore, createVersionWriter, type VersionRow } from "../stores/version-store.ts";

/** A smaller content, such as `{}`, may be something else's too, and costs nothing to keep. */
const LEAST_BYTES = 64 * 1024;
const ALL = 1_000_000;

type Deps = Pick<RegistryDeps, "db" | "objects" | "audit" | "log"> & {
  readonly serving: Pick<Serving, "release" | "forget">;
};

/** The files of a version and of its conversions. */
async function filesOf(db: Deps["db"], versionId: string): Promise<ModelFile[]> {
  const made = await createConversionStore(db).list(versionId);
  return [...(await createFileStore(db).listFiles(versionId)), ...made.flatMap(({ files }) => files)];
}

/** Removes contents that no version and no conversion uses, and returns them. */
export const createContentDropping =
  ({ db, objects }: Pick<Deps, "db" | "objects">) =>
  async (files: readonly ModelFile[]): Promise<string[]> => {
    const used = await createFileStore(db).listUsed(files.map(({ sha256 }) => sha256));
    const unused = new Map(files.filter(({ sha256 }) => !used.has(sha256)).map((file) => [file.sha256, file]));
    for (const { sha256, sizeBytes } of unused.values()) if (sizeBytes >= LEAST_BYTES) await objects.delete(sha256);
    return [...unused.keys()];
  };

/** Deletes versions, and their contents that nothing else uses: from the store, and from the engine. */
export function createDropping({ db, objects, audit, log, serving }: Deps) {
  const dropContents = createContentDropping({ db, objects });

  const letGoOf = async (files: readonly ModelFile[], sha256: string): Promise<void> =>
    serving.release({ sha256, contents: await dropContents(files) });

  async function drop(scope: Scope, model: ModelRow, rows: readonly VersionRow[]): Promise<void> {
    for (const row of rows) {
      const files = await filesOf(db, row.id);
      await db.transaction(async (tx) => {
        await createVersionWriter(tx).delete(scope.projectId, row.id);
        const details = { version: row.number, sizeBytes: row.sizeBytes };
        await audit.record(scope, { action: "model-version.delete", target: model.name, details }, tx);
      });
      serving.forget(scope.projectId);
      await letGoOf(files, row.sha256);
    }
  }

  return {
    drop,
    /** Lets the contents go of a version whose record stays. */
    async letGo({ versionId, sha256 }: { readonly versionId: string; readonly sha256: string }) {
      const files = await filesOf(db, versionId);
      await createConversionStore(db).deleteAll(versionId);
      await letGoOf(files, sha256);
    },
    dropAll: async (scope: Scope, model: ModelRow) =>
      drop(scope, model, await createVersionStore(db).list(model.id, { before: null, limit: ALL })),
    /** Retains the model's number of newest versions. Versions with an alias, a stage or dependents remain. */
    async prune(scope: Scope, model: ModelRow): Promise<void> {
      if (model.keepVersions === null) return;
      const past = await createVersionWriter(db).listPast(model.id, model.keepVersions);
      if (past.length > 0)
        log.info({ model: model.name, versions: past.map(({ number }) => number) }, "old versions are removed");
      await drop(scope, model, past);
    },
  };
}
export type Dropping = ReturnType<typeof createDropping>;
