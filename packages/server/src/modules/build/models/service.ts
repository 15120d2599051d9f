import type { LocalModel, ModelPull } from "@treadle/contract";
import type { Clock } from "../../../kernel/clock.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Log } from "../../../kernel/log.ts";
import { wholeList } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Inference } from "../../../platform/inference/port.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Audit } from "../../system/audit/index.ts";
import { BUILTIN } from "./catalogue/catalogue.ts";
import { type PullRequest, parsePullSource } from "./catalogue/parse-source.ts";
import { describeEmbedder, type Embedder, type Installation } from "./embedders.ts";
import { createModelFiles, type ModelFiles, UNKNOWN_LICENSE } from "./model-files.ts";
import { createPrices } from "./prices-service.ts";
import { createPulls, type PullWatch } from "./pulls.ts";
import { type PullDeps, runPull } from "./run-pull.ts";
import { readHubLicense } from "./sources/hub-license.ts";
import type { StoredModel } from "./stores/store.ts";

const PULL_RETRY_SECONDS = 5;

export type ModelsDeps = Omit<PullDeps, "inference"> & {
  readonly db: Postgres;
  readonly audit: Pick<Audit, "record">;
  readonly inference: Inference;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * The models of this machine and the prices of models. Local models are the server's: every project may use them, and changing them
 * needs the server permission `local-models:write`. Prices and pulls belong to a project.
 */
export function createModels(deps: ModelsDeps) {
  const { inference, audit, clock } = deps;
  const pulls = createPulls(clock);
  const prices = createPrices(deps);
  const shelf = createModelFiles({ ...deps, listPulls: pulls.all });

  /** Starts a download in the background, or returns the running download of the same model. */
  async function startPull(scope: Scope, source: string): Promise<ModelPull> {
    const request = parsePullSource(source);
    const { modelId } = request;
    if (modelId === BUILTIN.id) throw shipped("replaced");
    if (shelf.isUsable(modelId)) {
      throw new AppError("conflict", {
        message: `"${modelId}" is already on this machine. Delete it first to pull it again.`,
      });
    }
    if (request.kind === "file") await deps.modelFolders.locate(request.path);
    const run = (watch: PullWatch) => pull({ deps, shelf, request }, watch);
    const running = pulls.running(modelId);
    if (running?.projectId === scope.projectId) return running.view;
    if (running)
      throw new AppError("conflict", { message: `"${modelId}" is already being pulled. Wait until it is ready.` });
    const started = pulls.start({ projectId: scope.projectId, source, modelId, run });
    await audit.record(scope, { action: "model.pull", target: modelId, details: { source } });
    return started;
  }

  return {
    prices,

    /** Hands the files on the disk to the engine and reads prices; must have ended before calls come. */
    async start(): Promise<void> {
      await Promise.all([prices.start(), shelf.open()]);
    },

    list(_scope: Scope) {
      const { budgetBytes, usedBytes } = inference.memory();
      return { ...wholeList(shelf.list()), memoryBudgetBytes: budgetBytes, memoryUsedBytes: usedBytes };
    },

    async load(_scope: Scope, modelId: string): Promise<LocalModel> {
      checkUsable(shelf, modelId);
      await inference.load(modelId);
      return shelf.get(modelId);
    },

    async unload(_scope: Scope, modelId: string): Promise<LocalModel> {
      checkUsable(shelf, modelId);
      await inference.unload(modelId);
      return shelf.get(modelId);
    },

    async remove(scope: Scope, modelId: string): Promise<void> {
      if (modelId === BUILTIN.id) throw shipped("deleted");
      await shelf.remove(modelId);
      await audit.record(scope, { action: "model.delete", target: modelId });
    },

    startPull,
    listPulls: ({ projectId }: Scope) => pulls.list(projectId),
    getPull: ({ projectId }: Scope, pullId: string) => pulls.get(projectId, pullId),
    cancelPulls: pulls.cancelAll,
    cancelPull: ({ projectId }: Scope, pullId: string) => pulls.cancel(projectId, pullId),

    /**
     * Starts the pull of a catalogue model that is not on this machine, whatever project asks, and says how far it is. The pull belongs to
     * the project that starts it. Call it again to follow it; after a failure it starts again. Throws `invalid_request` for a name that
     * is no catalogue model.
     */
    async ensureInstalled(scope: Scope, modelId: string): Promise<Installation> {
      if (shelf.isUsable(modelId)) return { state: "ready" };
      const running = pulls.running(modelId)?.view;
      const { step, receivedBytes, totalBytes } = running ?? (await startPull(scope, catalogueName(modelId)));
      return { state: "pulling", step, receivedBytes, totalBytes };
    },
    /** What an index has to know of an embedding model: its hash, prefixes and limits. Throws `conflict` if it is not on this machine. */
    embedder: (modelId: string): Embedder => describeEmbedder(shelf, modelId),

    /** Whether a request for this name goes to the engine. */
    isLocal: shelf.isUsable,
    whereIs: shelf.whereIs,
    withFile: shelf.withFile,
    /** Why a model of this machine cannot answer now; null for a name this machine has no model of. */
    absence: (modelId: string) => absence(shelf, modelId, pulls.running(modelId)?.view),
    listReady: (): LocalModel[] => shelf.list().filter((model) => shelf.isUsable(model.modelId)),
  };
}
export type Models = ReturnType<typeof createModels>;

type Pulling = { readonly deps: ModelsDeps; readonly shelf: ModelFiles; readonly request: PullRequest };

async function pull({ deps, shelf, request }: Pulling, watch: PullWatch) {
  const { facts, ...file } = await runPull(deps, request, watch);
  const entry = request.kind === "catalogue" ? request.entry : null;
  const { kind, sizeBytes, parameters, contextTokens } = facts;
  const stored: StoredModel = {
    id: request.modelId,
    label: entry?.label ?? (facts.name || request.modelId),
    license: entry?.license ?? (facts.license || (await askedLicense(deps, request)) || UNKNOWN_LICENSE),
    kind,
    sizeBytes,
    parameters,
    contextTokens,
    ...file,
    createdAt: new Date(deps.clock.now()),
  };
  await shelf.put(stored, facts);
}

/** The hub's description, for a repository whose file has none. */
async function askedLicense(deps: PullDeps, request: PullRequest): Promise<string | null> {
  return request.kind === "hub" ? readHubLicense(deps, request.hub) : null;
}

function checkUsable(shelf: ModelFiles, modelId: string) {
  const { state, error } = shelf.get(modelId);
  if (shelf.isUsable(modelId)) return;
  const why = state === "pulling" ? "is still being pulled" : "is not pulled yet; pull it first";
  throw new AppError("conflict", { message: error ?? `"${modelId}" ${why}.` });
}

function absence(shelf: ModelFiles, modelId: string, pull: ModelPull | undefined): AppError | null {
  if (pull) {
    const { step, receivedBytes, totalBytes } = pull;
    const share = totalBytes ? `, ${Math.floor((receivedBytes / totalBytes) * 100)} %` : "";
    const message = `The model "${modelId}" is still being pulled (${step}${share}). Send the request again when the download has finished.`;
    return new AppError("unavailable", { message, retryAfterSeconds: PULL_RETRY_SECONDS });
  }
  const model = shelf.list().find((known) => known.modelId === modelId);
  if (!model) return null;
  if (model.state === "failed")
    return new AppError("model_failed", {
      message: `The model "${modelId}" cannot be used. ${model.error ?? ""}`.trim(),
    });
  const message = `The model "${modelId}" is not on this machine yet. Pull it with \`treadle pull ${modelId}\` or on the Models page.`;
  return new AppError("not_found", { message, details: { param: "model", code: "model_not_found" } });
}

function catalogueName(modelId: string): string {
  const { kind } = parsePullSource(modelId);
  if (kind === "catalogue") return modelId;
  throw new AppError("invalid_request", {
    message: `"${modelId}" is not a model of the catalog. Pull it by its source.`,
  });
}

const shipped = (what: string) =>
  new AppError("conflict", { message: `"${BUILTIN.id}" is included in the program and cannot be ${what}.` });
