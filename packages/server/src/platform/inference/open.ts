import { availableParallelism } from "node:os";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import { createChildProcess, type InferenceChild } from "./child-process.ts";
import { createEventLine } from "./event-line.ts";
import { createFairQueue, type FairQueue } from "./fair-queue.ts";
import { readGgufAdapter, readGgufHeader, readGgufKind } from "./gguf/header.ts";
import { factsOf } from "./model-facts.ts";
import { findOnnxLibrary, inspectOnnx, whyNoOnnx } from "./onnx-folder.ts";
import { checkTextLength, toOrder } from "./orders.ts";
import { convertPackedE5 } from "./packed-e5/convert.ts";
import type { AdapterFile, GenerateEvent, GenerateRequest, Inference, OnnxFacts } from "./port.ts";
import { BUILTIN_EMBEDDING, type CallName, type Calls, type LoadOrder } from "./protocol.ts";
import { createResidency, type Residency } from "./residency.ts";
import { checkSentences, toBatches } from "./sentence-sizes.ts";

const MIB = 1024 * 1024;
const BUILTIN_MEMORY = 128 * MIB;
const WAITING_PER_MODEL = 256;
/** Of texts for a GGUF model: enough for all cores, and a few seconds on two of them. */
const TURN_CHARACTERS = 32_000;

type Options = {
  readonly memoryBudgetBytes: number;
  /** How many requests of one model are answered at once; more wait. */
  readonly parallel: number;
  readonly log: Log;
  /** The folder in which the library that runs ONNX is installed, if it is used. */
  readonly onnxFolder?: string;
  /** Threads that compute. On a busy machine one too many costs more than one too few. */
  readonly threads?: number;
};
type Machine = {
  readonly child: InferenceChild;
  readonly residency: Residency;
  readonly queues: Map<string, FairQueue>;
  /** For whole models: properties that adapters inherit. */
  readonly orders: Map<
    string,
    LoadOrder & { readonly contextBytes: number; readonly memoryBytes: number; rooms: number }
  >;
  readonly options: Options;
};

/** The local engine. Nothing is started before the first model is needed. `childPid` is for those who watch the process. */
export function createInference(options: Options): Inference & { childPid(): number | null } {
  const child = createChildProcess({ log: options.log, onCrash: () => residency.forgetAll() });
  const residency: Residency = createResidency({
    budgetBytes: options.memoryBudgetBytes,
    onEmpty: () => void child.stopIfIdle(),
  });
  const machine: Machine = { child, residency, queues: new Map(), orders: new Map(), options };
  register(machine, {
    modelId: BUILTIN_EMBEDDING,
    kind: "embedding",
    path: "",
    sizeBytes: 0,
    memoryBytes: BUILTIN_MEMORY,
    contextTokens: null,
    systemPrompt: null,
    temperature: null,
  });

  return {
    inspect: async (path) =>
      factsOf(await readGgufHeader(path), {
        parallel: options.parallel,
        cores: coresOf(options),
        budgetBytes: options.memoryBudgetBytes,
      }),
    async inspectAdapter(path) {
      const { fileBytes: sizeBytes, weights: parameters, ...facts } = await readGgufAdapter(path);
      return { sizeBytes, parameters, ...facts };
    },
    kindOf: readGgufKind,
    convertPackedE5,
    inspectOnnx: (folder) => inspectOnnx(folder, options.parallel),
    whyNoOnnx: () => whyNoOnnx(onnxFolderOf(options)),
    registerOnnx: (id, model) => registerOnnx(machine, id, model),
    isRegistered: residency.has,
    registerAdapter: (id, adapter) => registerAdapter(machine, id, adapter),
    register: ({ id, systemPrompt = null, temperature = null, ...model }) =>
      register(machine, { modelId: id, systemPrompt, temperature, ...model }),
    async unregister(modelId) {
      if (!residency.has(modelId)) return;
      for (const id of await residency.remove(modelId)) {
        if (residency.has(id)) continue;
        machine.queues.delete(id);
        machine.orders.delete(id);
      }
    },
    list: residency.list,
    load: residency.load,
    unload: residency.unload,
    generate: (request, signal) => generate(machine, request, signal),
    embed: (request, signal) => embed(machine, request, signal),
    async logprobs(request, signal) {
      checkTextLength(request);
      return callInTurn(machine, { name: "logprobs", caller: request.caller, order: request }, signal);
    },
    countTexts: (request, signal) => countTexts(machine, request, signal),
    async countTokens({ modelId, prompt }) {
      const release = await residency.hold(modelId);
      try {
        return await child.call("count", { modelId, prompt });
      } finally {
        release();
      }
    },
    memory: () => ({ budgetBytes: options.memoryBudgetBytes, usedBytes: residency.usedBytes() }),
    state: () => stateOf(child),
    childPid: child.pid,
    close: child.close,
  };
}

type Registration = Pick<LoadOrder, "modelId" | "kind" | "path" | "systemPrompt" | "temperature"> & {
  readonly sizeBytes: number;
  readonly memoryBytes: number;
  readonly contextTokens: number | null;
  readonly textsAtOnce?: number;
};

function register(
  { child, residency, queues, orders, options }: Machine,
  { sizeBytes, memoryBytes, contextTokens, textsAtOnce = 1, ...model }: Registration,
) {
  const order: LoadOrder = {
    ...model,
    contextTokens: contextTokens ?? 2_048,
    sequences: model.kind === "embedding" ? textsAtOnce : options.parallel,
    threads: threadsOf(options),
    mostThreads: coresOf(options),
  };
  residency.add({
    id: model.modelId,
    kind: model.kind,
    memoryBytes,
    async load() {
      // The file may have changed on the disk since it was pulled.
      if (model.path !== "") await readGgufHeader(model.path);
      await child.call("load", order);
    },
    async unload() {
      await child.call("unload", { modelId: model.modelId });
    },
  });
  queues.set(model.modelId, createFairQueue({ parallel: options.parallel, maxWaiting: WAITING_PER_MODEL }));
  orders.set(model.modelId, { ...order, memoryBytes, contextBytes: Math.max(0, memoryBytes - sizeBytes), rooms: 0 });
}

const threadsOf = ({ threads }: Options) => threads ?? Math.max(1, availableParallelism() - 1);
const coresOf = ({ threads }: Options) => threads ?? availableParallelism();
/** The default is next to the program. */
const onnxFolderOf = ({ onnxFolder = import.meta.dirname }: Options) => onnxFolder;

function registerOnnx(
  { child, residency, queues, options }: Machine,
  id: string,
  { folder, weights, hasDataBeside, contextTokens, memoryBytes }: OnnxFacts & { readonly folder: string },
) {
  residency.add({
    id,
    kind: "chat",
    memoryBytes,
    async load() {
      const library = findOnnxLibrary(onnxFolderOf(options));
      if (library === null) throw new AppError("unprocessable", { message: whyNoOnnx(onnxFolderOf(options)) ?? "" });
      const order = { modelId: id, path: folder, library, weights, hasDataBeside, contextTokens };
      await child.call("loadOnnx", { ...order, threads: threadsOf(options) });
    },
    async unload() {
      await child.call("unload", { modelId: id });
    },
  });
  queues.set(id, createFairQueue({ parallel: options.parallel, maxWaiting: WAITING_PER_MODEL }));
}

/** Adapters over one model that answer at the same time, where there is memory for their contexts. */
const ROOMS = 2;

/** Only its weights: the shared contexts of adapters belong to the base model, from its first adapter on. */
function registerAdapter(machine: Machine, id: string, { overId, path, sizeBytes, scale }: AdapterFile) {
  const { child, residency, queues, orders, options } = machine;
  const below = orders.get(overId);
  if (below?.kind !== "chat") throw unknownModel(overId);
  const { contextTokens, sequences, threads, contextBytes, memoryBytes } = below;
  if (below.rooms === 0) {
    below.rooms = memoryBytes + ROOMS * contextBytes <= options.memoryBudgetBytes ? ROOMS : 1;
    residency.widen(overId, below.rooms * contextBytes);
  }
  const { rooms } = below;
  residency.add({
    id,
    kind: "chat",
    overId,
    memoryBytes: sizeBytes,
    async load() {
      await readGgufAdapter(path);
      await child.call("adapt", { modelId: id, overId, path, scale, rooms, contextTokens, sequences, threads });
    },
    async unload() {
      await child.call("unload", { modelId: id });
    },
  });
  queues.set(id, createFairQueue({ parallel: options.parallel, maxWaiting: WAITING_PER_MODEL }));
}

const unknownModel = (modelId: string) =>
  new AppError("not_found", {
    message: `There is no local model "${modelId}". GET /api/v1/models lists the available models.`,
  });

function queueOf({ queues }: Machine, modelId: string): FairQueue {
  const queue = queues.get(modelId);
  if (!queue) throw unknownModel(modelId);
  return queue;
}

async function* generate(
  machine: Machine,
  request: GenerateRequest,
  signal: AbortSignal,
): AsyncGenerator<GenerateEvent, void> {
  const { child, residency } = machine;
  const order = toOrder(request);
  const leave = await queueOf(machine, request.modelId).enter(request.caller ?? "", signal);
  // A reader who stops early must stop the model too.
  const left = new AbortController();
  try {
    const release = await residency.hold(request.modelId);
    try {
      const line = createEventLine<GenerateEvent>();
      // Output that the model produced before the abort reached its process is dropped.
      signal.addEventListener("abort", line.drop, { once: true, signal: left.signal });
      child
        .call("generate", order, { signal: AbortSignal.any([signal, left.signal]), onEvent: line.push })
        .then(line.end, line.fail);
      yield* line.read();
    } finally {
      release();
    }
  } finally {
    left.abort();
    leave();
  }
}

async function embed(machine: Machine, request: Parameters<Inference["embed"]>[0], signal: AbortSignal) {
  const { caller = "", ...order } = request;
  const empty = order.texts.findIndex((text) => text.trim() === "");
  if (empty !== -1)
    throw new AppError("invalid_request", {
      message: `Text ${empty} is empty. Remove it or send a text with content.`,
    });
  const isBuiltin = order.modelId === BUILTIN_EMBEDDING;
  if (isBuiltin) checkSentences(order.texts, order.modelId);
  const vectors: number[][] = [];
  let tokens = 0;
  // A turn for each batch, so that a long request lets others in between.
  for (const texts of toBatches(order.texts, isBuiltin ? undefined : TURN_CHARACTERS)) {
    const answer = await callInTurn(machine, { name: "embed", caller, order: { ...order, texts } }, signal);
    vectors.push(...answer.vectors);
    tokens += answer.tokens;
  }
  return { vectors, tokens };
}

async function countTexts(machine: Machine, request: Parameters<Inference["countTexts"]>[0], signal: AbortSignal) {
  const { caller = "", ...order } = request;
  if (order.modelId === BUILTIN_EMBEDDING) checkSentences(order.texts, order.modelId);
  return callInTurn(machine, { name: "countTexts", caller, order }, signal);
}

type Turn<Name extends CallName> = {
  readonly name: Name;
  readonly caller: string | undefined;
  readonly order: Calls[Name]["order"];
};

/** Waits for the caller's turn, loads the model if need be, and asks it. */
async function callInTurn<Name extends "embed" | "logprobs" | "countTexts">(
  machine: Machine,
  { name, caller = "", order }: Turn<Name>,
  signal: AbortSignal,
) {
  const leave = await queueOf(machine, order.modelId).enter(caller, signal);
  try {
    const release = await machine.residency.hold(order.modelId);
    try {
      return await machine.child.call(name, order, { signal });
    } finally {
      release();
    }
  } finally {
    leave();
  }
}

function stateOf(child: InferenceChild): ReturnType<Inference["state"]> {
  const seconds = child.secondsToStart();
  if (seconds > 0)
    return {
      state: "down",
      message: `The model process stopped ${child.crashes()} times in a row; the next start is possible in ${seconds} s.`,
    };
  if (child.crashes() > 0)
    return { state: "degraded", message: "The model process stopped unexpectedly and has not responded since." };
  return {
    state: "ok",
    message: child.isStarted()
      ? "The model process is running."
      : "No model is loaded. The process starts with the first request.",
  };
}
