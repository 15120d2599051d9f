import { ChatRequest, CompletionRequest, EmbeddingRequest } from "@treadle/contract";
import type { Clock } from "../../kernel/clock.ts";
import { AppError } from "../../kernel/errors.ts";
import type { GenerateEvent, Inference } from "../../platform/inference/port.ts";
import type { Call } from "./call.ts";
import { hubRequest, type Outcome, warningsOf } from "./outcome.ts";
import {
  createLocalAnswer,
  type LocalRequest,
  localChatRequest,
  localCompletionRequest,
  localEmbeddings,
} from "./providers/local.ts";
import type { ChatChunk } from "./providers/provider.ts";
import { listOf } from "./wires/json.ts";

type LocalAnswer = ReturnType<typeof createLocalAnswer>;
type Deps = { readonly inference: Pick<Inference, "generate" | "embed">; readonly clock: Clock };

/** The engine's name of a model, and the one that callers know it by. */
type LocalModel = { readonly model: string; readonly name: string };

/** Asks a model of this machine. Throws `AppError` before the first token has come; what breaks later breaks the chunks. */
export function createLocalBackend({ inference, clock }: Deps) {
  async function embed(
    { request, signal, scope }: Call,
    { modelId, name }: { modelId: string; name: string },
  ): Promise<Outcome> {
    const asked = EmbeddingRequest.parse(request);
    const texts = listOf(typeof asked.input === "string" ? [asked.input] : asked.input).filter(
      (text) => typeof text === "string",
    );
    if (typeof asked.input !== "string" && texts.length !== asked.input.length) {
      const message = `input holds token numbers, which ${name} cannot take. Send text.`;
      throw new AppError("unprocessable", { message, details: { param: "input" } });
    }
    const { vectors, tokens } = await inference.embed({ modelId, texts, caller: scope.projectId }, signal);
    return { kind: "embeddings", response: localEmbeddings(asked, { model: name, vectors, tokens }) };
  }

  return async function tryLocal(call: Call, { model: modelId, name }: LocalModel): Promise<Outcome> {
    if (call.wire === "embeddings") return embed(call, { modelId, name });
    const { generate, warnings } = toLocal(call, modelId);
    call.warnings = warningsOf(call, warnings);
    const events = inference
      .generate({ ...generate, caller: call.scope.projectId }, call.signal)
      [Symbol.asyncIterator]();
    const answer = createLocalAnswer(
      { id: `chatcmpl-${call.spanId}`, model: name, now: clock.now() },
      { includeUsage: true },
    );
    const first = await events.next();
    if (call.isStream) return { kind: "chunks", chunks: toChunks(answer, first, events) };
    for (let next = first; !next.done; next = await events.next()) answer.add(next.value);
    return { kind: "response", response: answer.response() };
  };
}

/** A text completion goes on from its text, without the chat template that every other shape gets. */
const toLocal = (call: Call, modelId: string): LocalRequest =>
  call.wire === "completions"
    ? localCompletionRequest(modelId, CompletionRequest.parse(call.request))
    : localChatRequest(modelId, ChatRequest.parse(hubRequest(call)));

async function* toChunks(
  answer: LocalAnswer,
  first: IteratorResult<GenerateEvent>,
  events: AsyncIterator<GenerateEvent>,
): AsyncGenerator<ChatChunk> {
  try {
    for (let next = first; !next.done; next = await events.next()) yield* answer.add(next.value);
  } finally {
    // Tells the engine to stop when nobody reads on.
    await events.return?.();
  }
}
