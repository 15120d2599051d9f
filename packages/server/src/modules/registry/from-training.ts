import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelData, RemoteModel } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { NewVersion } from "./create-version.ts";
import type { RegistryDeps } from "./deps.ts";
import { findBase } from "./find-base.ts";
import { placeFolder } from "./place-folder.ts";
import type { ScannedFile } from "./scan/check-paths.ts";
import type { Serving } from "./serve-versions.ts";
import { createVersionStore } from "./version-store.ts";

/** What a training run gave. */
export type TrainedVersion = {
  readonly scope: Scope;
  readonly name: string;
  readonly runId: string;
  readonly baseRef: string;
  readonly baseHash: string;
  readonly sources: readonly ModelData[];
  readonly folder: string;
  /** Paths below the folder of the run; a file for GGUF, a folder for the others. */
  readonly artifacts: readonly {
    readonly kind: string;
    readonly path: string;
    readonly files: Readonly<Record<string, string>>;
  }[];
  /** Where a provider keeps the result, of a run that gave no files. */
  readonly remote?: RemoteModel | null;
  readonly method: string;
  readonly evalLoss: number | null;
};
type Deps = Pick<RegistryDeps, "db" | "models" | "objects" | "folder"> & {
  readonly serving: Pick<Serving, "place">;
  readonly createVersion: (scope: Scope, given: NewVersion) => Promise<{ name: string; version: number }>;
};

/** What training needs of the registry. */
export function createForTraining(deps: Deps) {
  const { db, serving, createVersion } = deps;
  return {
    /**
     * A base that can be trained on: `hash` is the SHA-256 of its GGUF file, or of the list of its files. `path` is a Hugging Face
     * folder, null while there is only a GGUF, which the trainer reads into one.
     */
    async baseFor(scope: Scope, ref: string): Promise<{ path: string | null; gguf: string | null; hash: string }> {
      const { version, path, hash } = await findBase(deps, scope, ref);
      if (version === null) return { path: null, gguf: path, hash };
      if (version.format === "gguf-adapter" || version.format === "adapter")
        throw new AppError("unprocessable", {
          message: `${ref} is an adapter. Train over its base, or merge it into one first.`,
          details: { param: "base_model" },
        });
      if (version.remote !== null)
        throw new AppError("unprocessable", {
          message: `${ref} is kept by a provider, so its weights are not here. Train over it there: launcher: { type: provider, connection: ${version.remote.connection}, model: "${version.remote.model}" }.`,
          details: { param: "base_model" },
        });
      const gguf = version.ggufSha256 === null ? null : await serving.place(version.ggufSha256);
      return { path: await placeFolder(deps, version, "safetensors"), gguf, hash };
    },

    /** A run gives one version, however often this is asked. */
    async registerVersion(trained: TrainedVersion): Promise<{ name: string; version: number }> {
      const { scope, name, runId, baseRef, baseHash, sources, remote, method, evalLoss } = trained;
      const there = await createVersionStore(db).findByRun(scope.projectId, runId);
      if (there) return there;
      const notes = evalLoss === null ? "" : `Evaluation loss at the end of training: ${evalLoss.toFixed(4)}.`;
      return createVersion(scope, {
        ...{ name, runId, method, notes, baseHash, base: baseRef },
        ...{ leaveOut: false, license: null, tags: { method }, alias: null },
        ...(remote ? { remote, files: [] } : { files: await filesOf(trained) }),
        source: `the training run ${runId}`,
        data: sources.map(({ ref, datasetId, version, root, rows }) => ({ ref, datasetId, version, root, rows })),
      });
    },
  };
}

/** Each artifact in a folder named by its kind, but what it is served as at the top. */
async function filesOf({ folder, artifacts }: TrainedVersion): Promise<ScannedFile[]> {
  const files: ScannedFile[] = [];
  for (const { kind, path, files: names } of artifacts) {
    const whole = join(folder, path);
    const isFile = (await lstat(whole)).isFile();
    for (const name of Object.keys(names)) {
      const at = isFile ? whole : join(whole, name);
      files.push({ path: isFile ? name : `${kind}/${name}`, sizeBytes: (await lstat(at)).size, at });
    }
  }
  return files;
}
