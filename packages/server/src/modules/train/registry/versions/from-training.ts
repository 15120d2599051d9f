import { lstat } from "node:fs/promises";
import { join } from "node:path";
import type { ModelData, ModelTraining, RemoteModel, TrainingResult, TrainingSource } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { findBase } from "../refs/find-base.ts";
import { placeFolder } from "../refs/place-folder.ts";
import type { ScannedFile } from "../scan/check-paths.ts";
import type { Serving } from "../serve/serve-versions.ts";
import type { RegistryDeps } from "../stores/deps.ts";
import { createVersionStore } from "../stores/version-store.ts";
import type { NewVersion } from "./create-version.ts";

/** The result of a training run. */
export type TrainedVersion = {
  readonly scope: Scope;
  readonly name: string;
  readonly runId: string;
  readonly baseRef: string;
  readonly baseHash: string;
  readonly sources: readonly (ModelData & Pick<TrainingSource, "kept">)[];
  readonly folder: string;
  /** Paths below the folder of the run; a file for GGUF, a folder for the others. */
  readonly artifacts: readonly {
    readonly kind: string;
    readonly path: string;
    readonly files: Readonly<Record<string, string>>;
  }[];
  /** Where a provider stores the result of a run without files. */
  readonly remote?: RemoteModel | null;
  readonly training: ModelTraining;
  /** The checkpoint that became the model. */
  readonly result?: TrainingResult | null;
  readonly evalLoss: number | null;
};
type Deps = Pick<RegistryDeps, "db" | "models" | "objects" | "folder"> & {
  readonly serving: Pick<Serving, "place">;
  readonly createVersion: (scope: Scope, given: NewVersion) => Promise<{ name: string; version: number }>;
};

/** The registry functions for training. */
export function createForTraining(deps: Deps) {
  const { db, serving, createVersion } = deps;
  return {
    /**
     * A base that can be trained. `hash` is the SHA-256 of its GGUF file, or of its list of files. `path` is a Hugging
     * Face folder. Null while there is only a GGUF, which the trainer converts to one.
     */
    async baseFor(scope: Scope, ref: string): Promise<{ path: string | null; gguf: string | null; hash: string }> {
      const { version, path, hash } = await findBase(deps, scope, ref);
      if (version === null) return { path: null, gguf: path, hash };
      if (version.format === "gguf-adapter" || version.format === "adapter")
        throw new AppError("unprocessable", {
          message: `${ref} is an adapter. Train on its base model, or merge the adapter into the base first.`,
          details: { param: "base_model" },
        });
      if (version.remote !== null)
        throw new AppError("unprocessable", {
          message: `${ref} is hosted by a provider, so its weights are not here. Train it there: launcher: { type: provider, connection: ${version.remote.connection}, model: "${version.remote.model}" }.`,
          details: { param: "base_model" },
        });
      const gguf = version.ggufSha256 === null ? null : await serving.place(version.ggufSha256);
      return { path: await placeFolder(deps, version, "safetensors"), gguf, hash };
    },

    /** A run creates one version, however often this is called. */
    async registerVersion(trained: TrainedVersion): Promise<{ name: string; version: number }> {
      const { scope, name, runId, baseRef, baseHash, sources, remote, training } = trained;
      const { method } = training;
      const there = await createVersionStore(db).findByRun(scope.projectId, runId);
      if (there) return there;
      const notes = notesOf(trained);
      return createVersion(scope, {
        name,
        runId,
        method,
        training,
        notes,
        baseHash,
        base: baseRef,
        leaveOut: false,
        license: null,
        tags: { method },
        alias: null,
        ...(remote ? { remote, files: [] } : { files: await filesOf(trained) }),
        source: `the training run ${runId}`,
        data: sources.map(dataOf),
      });
    },
  };
}

/** Rows that the trainer left out made nothing of the model. */
const dataOf = ({ kept, rows, ...source }: TrainedVersion["sources"][number]): ModelData => {
  const { ref, datasetId, version, root, prompt, target } = source;
  return { ref, datasetId, version, root, rows: kept ?? rows, prompt, target };
};

function notesOf({ result, evalLoss }: TrainedVersion): string {
  const loss = evalLoss === null ? "" : `Evaluation loss: ${evalLoss.toFixed(4)}.`;
  const step = result ? `The ${result.from === "best" ? "best" : "last"} checkpoint, from step ${result.step}.` : "";
  return [step, loss].filter(Boolean).join(" ");
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
