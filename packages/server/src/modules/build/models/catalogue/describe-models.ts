import type { LocalModel, ModelPull } from "@treadle/contract";
import type { EngineModel, ModelFacts } from "../../../../platform/inference/port.ts";
import type { StoredModel } from "../stores/store.ts";
import { BUILTIN, CATALOGUE, type CatalogueModel } from "./catalogue.ts";
import { prefixesOf } from "./prefixes.ts";

/** A model that was pulled: its row, and what its file says, or why it cannot be used. */
export type Known = {
  readonly stored: StoredModel;
  readonly facts: ModelFacts | null;
  readonly problem: string | null;
};
type Now = { readonly engine: readonly EngineModel[]; readonly pulls: readonly ModelPull[] };

/** The builtin model, the catalogue in its order, then other pulled models. */
export function describeModels(known: readonly Known[], now: Now): LocalModel[] {
  const others = known.filter(({ stored }) => !CATALOGUE.some(({ id }) => id === stored.id));
  return [
    describeBuiltin(now),
    ...CATALOGUE.map((entry) => {
      const pulled = known.find(({ stored }) => stored.id === entry.id);
      return pulled ? describePulled(pulled, entry, now) : describeEntry(entry, now);
    }),
    ...others.map((pulled) => describePulled(pulled, null, now)),
  ];
}

const isPulling = (modelId: string, { pulls }: Now) =>
  pulls.some((pull) => pull.modelId === modelId && pull.state === "running");

function describeBuiltin({ engine }: Now): LocalModel {
  const running = engine.find(({ id }) => id === BUILTIN.id);
  const { id: modelId, maxCharacters: _, ...builtin } = BUILTIN;
  return {
    modelId,
    ...builtin,
    kind: "embedding",
    format: "builtin",
    state: running?.state ?? "ready",
    error: running?.error ?? null,
    parameters: null,
    contextTokens: null,
    sizeBytes: null,
    memoryBytes: running?.memoryBytes ?? null,
    prefixes: null,
    source: "the program",
    isDefault: false,
    isInCatalogue: true,
  };
}

function describeEntry(entry: CatalogueModel, now: Now): LocalModel {
  const { id, label, description, kind, license, parameters, contextTokens, dimensions, sizeBytes, sha256 } = entry;
  return {
    modelId: id,
    label,
    description,
    kind,
    license,
    parameters,
    contextTokens,
    dimensions,
    prefixes: kind === "embedding" ? prefixesOf(id) : null,
    sizeBytes,
    sha256,
    format: "gguf",
    state: isPulling(id, now) ? "pulling" : "available",
    error: lastFailure(id, now),
    memoryBytes: null,
    source: `hf:${entry.hub.repo}/${entry.hub.file}`,
    isDefault: isDefault(id),
    isInCatalogue: true,
  };
}

/** The first model of the catalogue is pulled by default. */
const isDefault = (modelId: string) => modelId === CATALOGUE[0]?.id;

/** Only of pulls by the catalogue's name: the error of any other source may name a file of the project that asked. */
const lastFailure = (modelId: string, { pulls }: Now) => pulls.find((pull) => pull.source === modelId)?.error ?? null;

function describePulled({ stored, facts, problem }: Known, entry: CatalogueModel | null, now: Now): LocalModel {
  const running = now.engine.find(({ id }) => id === stored.id);
  const { id, label, kind, license, parameters, sizeBytes, sha256, source } = stored;
  const state = isPulling(id, now) ? "pulling" : problem === null ? (running?.state ?? "ready") : "failed";
  return {
    modelId: id,
    label,
    kind,
    license,
    parameters,
    sizeBytes,
    sha256,
    source,
    state,
    description: entry?.description ?? (facts ? `A ${facts.architecture} model.` : ""),
    format: "gguf",
    error: problem ?? running?.error ?? null,
    contextTokens: facts?.contextTokens ?? stored.contextTokens,
    dimensions: facts?.dimensions ?? null,
    prefixes: kind === "embedding" ? prefixesOf(id) : null,
    memoryBytes: facts?.memoryBytes ?? null,
    isDefault: isDefault(id),
    isInCatalogue: entry !== null,
  };
}
