import type { Scope } from "../../kernel/scope.ts";
import type { RegistryDeps } from "./deps.ts";
import type { ModelRow } from "./model-store.ts";
import type { Serving } from "./serve-versions.ts";
import { createFileStore, createVersionStore, createVersionWriter, type VersionRow } from "./version-store.ts";

/** A smaller content, such as `{}`, may be something else's too, and costs nothing to keep. */
const LEAST_BYTES = 64 * 1024;
const ALL = 1_000_000;

type Deps = Pick<RegistryDeps, "db" | "objects" | "audit" | "log"> & {
  readonly serving: Pick<Serving, "release" | "forget">;
};
type Files = Awaited<ReturnType<ReturnType<typeof createFileStore>["listFiles"]>>;

/** Takes versions away, and those of their contents that no other version has: from the store, and from the engine. */
export function createDropping({ db, objects, audit, log, serving }: Deps) {
  async function letGoOf(files: Files, sha256: string): Promise<void> {
    const used = await createFileStore(db).listUsed(files.map((file) => file.sha256));
    const unused = files.filter((file) => !used.has(file.sha256));
    for (const file of unused) if (file.sizeBytes >= LEAST_BYTES) await objects.delete(file.sha256);
    await serving.release({ sha256, contents: unused.map((file) => file.sha256) });
  }

  async function drop(scope: Scope, model: ModelRow, rows: readonly VersionRow[]): Promise<void> {
    for (const row of rows) {
      const files = await createFileStore(db).listFiles(row.id);
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
    letGo: async ({ versionId, sha256 }: { readonly versionId: string; readonly sha256: string }) =>
      letGoOf(await createFileStore(db).listFiles(versionId), sha256),
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
export type Dropping = ReturnType<typeof createDropping>;
