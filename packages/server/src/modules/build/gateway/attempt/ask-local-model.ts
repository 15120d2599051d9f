import { ChatRequest, CompletionRequest, EmbeddingRequest } from "@treadle/contract";
import type { Clock } from "../../../../kernel/clock.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { GenerateEvent, Inference } from "../../../../platform/inference/port.ts";
import type { ChatChunk } from "../formats/hub/hub.ts";
import { listOf } from "../formats/hub/json.ts";
import {
  createLocalAnswer,
  type LocalRequest,
  localChatRequest,
  localCompletionRequest,
  localEmbeddings,
} from "../providers/local/local.ts";
import type { Call } from "../request/read-call.ts";
import type { LocalTarget } from "../resolve/resolve-model.ts";
import { warningsOf } from "./build-request.ts";
import type { AttemptResult, Outcome } from "./outcome.ts";

type LocalAnswer = ReturnType<typeof createLocalAnswer>;
type Deps = { readonly inference: Pick<Inference, "generate" | "embed">; readonly clock: Clock };

const NO_WARNINGS: readonly string[] = [];

/** Makes one attempt at a model on this machine. An error after the first token breaks the stream of chunks. */
export function createAskLocalModel({ inference, clock }: Deps) {
  async function embed(
    { request, signal, scope }: Call,
    { modelId, name }: { modelId: string; name: string },
  ): Promise<Outcome> {
    const asked = EmbeddingRequest.parse(request);
    const texts = listOf(typeof asked.input === "string" ? [asked.input] : asked.input).filter(
      (text) => typeof text === "string",
    );
    if (typeof asked.input !== "string" && texts.length !== asked.input.length) {
      const message = `input holds token numbers, which ${name} does not support. Send text.`;
      throw new AppError("unprocessable", { message, details: { param: "input" } });
    }
    const { vectors, tokens } = await inference.embed({ modelId, texts, caller: scope.projectId }, signal);
    return { kind: "embeddings", response: localEmbeddings(asked, { model: name, vectors, tokens }) };
  }

  async function generate(call: Call, request: LocalRequest["generate"], name: string): Promise<Outcome> {
    const events = inference
      .generate({ ...request, caller: call.scope.projectId }, call.signal)
      [Symbol.asyncIterator]();
    const answer = createLocalAnswer(
      { id: `chatcmpl-${call.spanId}`, model: name, now: clock.now() },
      { includeUsage: true },
    );
    const first = await events.next();
    if (call.isStream) return { kind: "chunks", chunks: toChunks(answer, first, events) };
    for (let next = first; !next.done; next = await events.next()) answer.add(next.value);
    return { kind: "response", response: answer.response() };
  }

  /** Throws `AppError` if the model does not support the request. Later errors are in the result. */
  return async function askLocalModel(call: Call, { model: modelId, name }: LocalTarget): Promise<AttemptResult> {
    if (call.format === "embeddings") return { outcome: await embed(call, { modelId, name }), warnings: NO_WARNINGS };
    const { generate: request, warnings: ofModel } = toLocal(call, modelId);
    const warnings = warningsOf(call, ofModel);
    try {
      return { outcome: await generate(call, request, name), warnings };
    } catch (error) {
      return { error, warnings };
    }
  };
}

/** A text completion continues its text, without the chat template that every other format uses. */
const toLocal = (call: Call, modelId: string): LocalRequest =>
  call.format === "completions"
    ? localCompletionRequest(modelId, CompletionRequest.parse(call.request))
    : localChatRequest(modelId, ChatRequest.parse(call.toChat()));

async function* toChunks(
  answer: LocalAnswer,
  first: IteratorResult<GenerateEvent>,
  events: AsyncIterator<GenerateEvent>,
): AsyncGenerator<ChatChunk> {
  try {
    for (let next = first; !next.done; next = await events.next()) yield* answer.add(next.value);
  } finally {
    // Stops the engine when the reader stops.
    await events.return?.();
  }
}
