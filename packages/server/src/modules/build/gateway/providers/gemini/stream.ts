import { brokenAnswer, parseEvent } from "../../formats/hub/answers.ts";
import { chunkOf, usageChunk } from "../../formats/hub/chunks.ts";
import type { ChatChunk, StreamReader } from "../../formats/hub/hub.ts";
import { type JsonRecord, numberOf, recordOf, recordsOf, textOf } from "../../formats/hub/json.ts";
import { createEventReader } from "../../formats/hub/server-events.ts";
import {
  callIdOf,
  geminiFinish,
  geminiId,
  geminiLogprobs,
  geminiUsage,
  piecesOf,
  refusalOf,
  throwGeminiError,
} from "./response.ts";

type Asked = { readonly model: string; readonly now: number; readonly includeUsage: boolean };
type State = {
  readonly asked: Asked;
  readonly head: { id: string; model: string; readonly now: number };
  /** The number of calls for each candidate. */
  readonly calls: Map<number, number>;
  usage: JsonRecord;
  isFinished: boolean;
};

function readCandidate(state: State, candidate: JsonRecord, index: number): ChatChunk[] {
  const chunks: ChatChunk[] = [];
  if (!state.calls.has(index)) {
    state.calls.set(index, 0);
    chunks.push(chunkOf(state.head, { index, delta: { role: "assistant", content: "" } }));
  }
  const nextCall = () => state.calls.get(index) ?? 0;
  for (const part of recordsOf(recordOf(candidate.content).parts)) {
    for (const piece of piecesOf(part, () => callIdOf(state.head.id, index, nextCall()))) {
      const [call] = piece.tool_calls ?? [];
      const delta = call ? { tool_calls: [{ index: nextCall(), ...call }] } : piece;
      if (call) state.calls.set(index, nextCall() + 1);
      chunks.push(chunkOf(state.head, { index, delta }));
    }
  }
  const logprobs = geminiLogprobs(candidate);
  const last = chunks.at(-1)?.choices[0];
  if (logprobs && last) last.logprobs = logprobs;
  if (textOf(candidate.finishReason) === "") return chunks;
  state.isFinished = true;
  return [...chunks, chunkOf(state.head, { index, finish: geminiFinish(candidate, nextCall() > 0) })];
}

function readEvent(state: State, answer: JsonRecord): ChatChunk[] {
  throwGeminiError(answer);
  state.head.id ||= geminiId(answer, state.asked.now);
  state.head.model = textOf(answer.modelVersion) || state.head.model;
  // The usage of each event is a total so far.
  state.usage = { ...state.usage, ...recordOf(answer.usageMetadata) };
  const candidates = recordsOf(answer.candidates);
  const feedback = recordOf(answer.promptFeedback);
  if (candidates.length === 0 && textOf(feedback.blockReason) !== "") {
    state.isFinished = true;
    const refusal = chunkOf(state.head, { delta: { role: "assistant", content: null, refusal: refusalOf(feedback) } });
    return [refusal, chunkOf(state.head, { finish: "content_filter" })];
  }
  return candidates.flatMap((candidate, position) =>
    readCandidate(state, candidate, numberOf(candidate.index) ?? position),
  );
}

/** Reads `streamGenerateContent?alt=sse` into the hub's chunks. `end` throws `UpstreamStreamError` without a finish reason. */
export function geminiStreamReader(asked: Asked): StreamReader {
  const events = createEventReader();
  const head = { id: "", model: asked.model, now: asked.now };
  const state: State = { asked, head, calls: new Map(), usage: {}, isFinished: false };
  const read = ({ data }: { data: string }) => readEvent(state, parseEvent(data, "Gemini"));
  return {
    push: (bytes) => events.push(bytes).flatMap(read),
    end() {
      const last = events.end().flatMap(read);
      if (!state.isFinished) throw brokenAnswer("Gemini's stream ended before it gave a finish reason.");
      return asked.includeUsage ? [...last, usageChunk(head, geminiUsage(state.usage))] : last;
    },
  };
}
