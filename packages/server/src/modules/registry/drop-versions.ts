import type { ModelFile } from "@treadle/contract";
import type { Scope } from "../../kernel/scope.ts";
import { createConversionStore } from "./conversion-store.ts";
import type { RegistryDeps } from "./deps.ts";
import type { ModelRow } from "./model-store.ts";
import { createFileStore, createVersionStore, createVersionWriter, type VersionRow } from "./version-store.ts";

/** A smaller content, such as `{}`, may be something else's too, and costs nothing to keep. */
const LEAST_BYTES = 64 * 1024;
const ALL = 1_000_000;

type Deps = Pick<RegistryDeps, "db" | "objects" | "audit" | "log">;

/** Takes away those contents that no version and no conversion has any more. */
export const createContentDropping =
  ({ db, objects }: Pick<Deps, "db" | "objects">) =>
  async (files: readonly ModelFile[]): Promise<void> => {
    const large = files.filter(({ sizeBytes }) => sizeBytes >= LEAST_BYTES).map(({ sha256 }) => sha256);
    const used = await createFileStore(db).listUsed(large);
    for (const sha256 of new Set(large.filter((one) => !used.has(one)))) await objects.delete(sha256);
  };

/** Takes versions away, and those of their contents that no other version has. */
export function createDropping({ db, objects, audit, log }: Deps) {
  const dropContents = createContentDropping({ db, objects });
  async function drop(scope: Scope, model: ModelRow, rows: readonly VersionRow[]): Promise<void> {
    for (const row of rows) {
      const made = await createConversionStore(db).list(row.id);
      const files = [...(await createFileStore(db).listFiles(row.id)), ...made.flatMap((one) => one.files)];
      await db.transaction(async (tx) => {
        await createVersionWriter(tx).delete(scope.projectId, row.id);
        const details = { version: row.number, sizeBytes: row.sizeBytes };
        await audit.record(scope, { action: "model-version.delete", target: model.name, details }, tx);
      });
      await dropContents(files);
    }
  }

  return {
    drop,
    dropAll: async (scope: Scope, model: ModelRow) =>
      drop(scope, model, await createVersionStore(db).list(model.id, { before: null, limit: ALL })),
    /** Keeps as many of the newest as the model says; what is pointed at, staged or stood on stays. */
    async prune(scope: Scope, model: ModelRow): Promise<void> {
      if (model.keepVersions === null) return;
      const past = await createVersionWriter(db).listPast(model.id, model.keepVersions);
      if (past.length > 0)
        log.info({ model: model.name, versions: past.map(({ number }) => number) }, "old versions go");
      await drop(scope, model, past);
    },
  };
}
