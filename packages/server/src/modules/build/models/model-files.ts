import { access, mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { LocalModel, ModelPull } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import type { Inference, ModelFacts } from "../../../platform/inference/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import { BUILTIN, CATALOGUE } from "./catalogue/catalogue.ts";
import { describeModels, type Known } from "./catalogue/describe-models.ts";
import { createModelStore, type StoredModel } from "./stores/store.ts";

type Deps = {
  readonly db: Postgres;
  readonly inference: Inference;
  readonly folder: string;
  readonly log: Log;
  readonly listPulls: () => readonly ModelPull[];
};

/** A pulled model's file. The license is null if unknown. */
export type PulledModel = { readonly path: string; readonly sha256: string; readonly license: string | null };
/** The stored value for an unknown license. */
export const UNKNOWN_LICENSE = "unknown";

/**
 * The pulled models: their rows, their files, and their registration in the engine. In memory, so that requests never
 * wait for them.
 */
export function createModelFiles({ db, inference, folder, log, listPulls }: Deps) {
  const store = createModelStore(db);
  const known = new Map<string, Known>();
  const pathOf = (stored: StoredModel) => join(folder, stored.fileName);
  const list = () => describeModels([...known.values()], { engine: inference.list(), pulls: listPulls() });

  function show(stored: StoredModel, facts: ModelFacts) {
    known.set(stored.id, { stored, facts, problem: null });
    const { kind, sizeBytes, memoryBytes, contextTokens, textsAtOnce } = facts;
    const { systemPrompt, temperature } = CATALOGUE.find(({ id }) => id === stored.id) ?? {};
    inference.register({
      id: stored.id,
      kind,
      path: pathOf(stored),
      sizeBytes,
      memoryBytes,
      contextTokens,
      textsAtOnce,
      systemPrompt,
      temperature,
    });
  }
  /** A file that is gone or damaged is shown with its reason and can be pulled again. */
  async function restore(stored: StoredModel) {
    try {
      await access(pathOf(stored));
      show(stored, await inference.inspect(pathOf(stored)));
    } catch (error) {
      const why = error instanceof AppError ? error.message : "Its file is missing.";
      known.set(stored.id, { stored, facts: null, problem: `${why} Pull the model again.` });
      log.warn({ modelId: stored.id, error }, "a pulled model cannot be used");
    }
  }

  return {
    list,
    async open() {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      await Promise.all((await store.list()).map(restore));
    },
    async put(stored: StoredModel, facts: ModelFacts) {
      await store.save(stored);
      show(stored, facts);
    },
    get(modelId: string): LocalModel {
      const model = list().find((known) => known.modelId === modelId);
      if (!model) throw notFound("local model", modelId);
      return model;
    },
    /** Where the file of a usable model lies, with the SHA-256 it was pulled with and its license; null for any other name. */
    whereIs(modelId: string): PulledModel | null {
      const model = known.get(modelId);
      if (!model?.facts) return null;
      const { sha256, license } = model.stored;
      return { path: pathOf(model.stored), sha256, license: license === UNKNOWN_LICENSE ? null : license };
    },
    /** The usable model with this very file, or null. */
    withFile: (sha256: string): string | null =>
      [...known.values()].find(({ stored, facts }) => facts !== null && stored.sha256 === sha256)?.stored.id ?? null,
    isUsable: (modelId: string) => modelId === BUILTIN.id || (known.get(modelId)?.facts ?? null) !== null,
    /** Waits for the model's running requests, then deletes it. */
    async remove(modelId: string) {
      const model = known.get(modelId);
      if (!model) throw notFound("pulled model", modelId);
      await inference.unregister(modelId);
      await store.delete(modelId);
      known.delete(modelId);
      await rm(pathOf(model.stored), { force: true });
    },
  };
}
export type ModelFiles = ReturnType<typeof createModelFiles>;
