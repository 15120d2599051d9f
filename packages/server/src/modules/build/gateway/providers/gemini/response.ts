import { brokenAnswer, parseAnswer } from "../../formats/hub/answers.ts";
import { toolCall } from "../../formats/hub/chat-request.ts";
import { responseOf, usageOf } from "../../formats/hub/chunks.ts";
import type { ChatMessage, ChatResponse, ChatUsage, ToolCall } from "../../formats/hub/hub.ts";
import { countOf, type JsonRecord, numberOf, recordOf, recordsOf, textOf } from "../../formats/hub/json.ts";
import { GEMINI_FORMAT, type ReasoningDetail } from "../../formats/hub/reasoning.ts";

const FINISH_REASONS: Readonly<Record<string, string>> = {
  MAX_TOKENS: "length",
  SAFETY: "content_filter",
  RECITATION: "content_filter",
  LANGUAGE: "content_filter",
  BLOCKLIST: "content_filter",
  PROHIBITED_CONTENT: "content_filter",
  SPII: "content_filter",
  IMAGE_SAFETY: "content_filter",
  IMAGE_PROHIBITED_CONTENT: "content_filter",
  IMAGE_RECITATION: "content_filter",
};
/** The model failed to call a function, so there is no answer. */
const FAILED = new Set(["MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL", "TOO_MANY_TOOL_CALLS"]);

/** An unknown finish reason counts as a normal end. Throws `UpstreamStreamError` if a function call failed. */
export function geminiFinish(candidate: JsonRecord, hasCalls: boolean): string {
  const reason = textOf(candidate.finishReason);
  if (FAILED.has(reason)) {
    throw brokenAnswer(`Gemini gave up on a function call (${reason}). ${textOf(candidate.finishMessage)}`.trim(), {
      type: reason.toLowerCase(),
    });
  }
  return FINISH_REASONS[reason] ?? (hasCalls ? "tool_calls" : "stop");
}

/** Gemini counts thinking separately from the candidates' tokens. The hub counts both as output. */
export const geminiUsage = (usage: JsonRecord): ChatUsage =>
  usageOf({
    input: countOf(usage.promptTokenCount) + countOf(usage.toolUsePromptTokenCount),
    output: countOf(usage.candidatesTokenCount) + countOf(usage.thoughtsTokenCount),
    cached: countOf(usage.cachedContentTokenCount),
    reasoning: countOf(usage.thoughtsTokenCount),
  });

/** Gemini's log-probabilities in OpenAI's shape. */
export function geminiLogprobs(candidate: JsonRecord): JsonRecord | undefined {
  const result = recordOf(candidate.logprobsResult);
  const chosen = recordsOf(result.chosenCandidates);
  if (chosen.length === 0) return undefined;
  const tops = recordsOf(result.topCandidates);
  const entryOf = (entry: JsonRecord) => {
    const token = textOf(entry.token);
    return { token, logprob: numberOf(entry.logProbability) ?? 0, bytes: [...Buffer.from(token)] };
  };
  return {
    content: chosen.map((entry, index) => ({
      ...entryOf(entry),
      top_logprobs: recordsOf(tops[index]?.candidates).map(entryOf),
    })),
    refusal: null,
  };
}

/** Adds one part to a message. `callId` derives a stable id for a call without one. */
export function piecesOf(part: JsonRecord, callId: () => string): Partial<ChatMessage>[] {
  const signature = textOf(part.thoughtSignature);
  const detail = (id?: string): Partial<ChatMessage>[] => {
    const sealed: ReasoningDetail = {
      type: "reasoning.encrypted",
      data: signature,
      format: GEMINI_FORMAT,
      ...(id !== undefined && { id }),
    };
    return signature === "" ? [] : [{ reasoning_details: [sealed] }];
  };
  const called = recordOf(part.functionCall);
  if (textOf(called.name) !== "") {
    const id = textOf(called.id) || callId();
    return [...detail(id), { tool_calls: [toolCall(id, textOf(called.name), called.args)] }];
  }
  const inline = recordOf(part.inlineData);
  if (textOf(inline.data) !== "") {
    return [
      ...detail(),
      {
        images: [
          { type: "image_url", image_url: { url: `data:${textOf(inline.mimeType)};base64,${textOf(inline.data)}` } },
        ],
      },
    ];
  }
  const text = textOf(part.text);
  const message: Partial<ChatMessage>[] =
    text === "" ? [] : [part.thought === true ? { reasoning_content: text } : { content: text }];
  return [...message, ...detail()];
}

export const refusalOf = (feedback: JsonRecord): string =>
  `Gemini refused the prompt (${textOf(feedback.blockReason)}). ${textOf(feedback.blockReasonMessage)}`.trim();

export const callIdOf = (responseId: string, candidate: number, call: number) =>
  `call_${responseId}_${candidate}_${call}`;

/** Google's id of the answer. If a proxy left it out, an id from the time, so that call ids differ between turns. */
export const geminiId = (answer: JsonRecord, now: number) => textOf(answer.responseId) || now.toString(36);

function messageOf(candidate: JsonRecord, responseId: string, index: number): ChatMessage {
  let calls = 0;
  const pieces = recordsOf(recordOf(candidate.content).parts).flatMap((part) =>
    piecesOf(part, () => callIdOf(responseId, index, calls++)),
  );
  const content = pieces.map((piece) => textOf(piece.content)).join("");
  const thoughts = pieces.map((piece) => textOf(piece.reasoning_content)).join("");
  const details = pieces.flatMap((piece) => piece.reasoning_details ?? []);
  const images = pieces.flatMap((piece) => piece.images ?? []);
  const toolCalls = pieces.flatMap((piece): ToolCall[] => piece.tool_calls ?? []);
  return {
    role: "assistant",
    content: content === "" && toolCalls.length > 0 ? null : content,
    ...(thoughts !== "" && { reasoning_content: thoughts }),
    ...(details.length > 0 && { reasoning_details: details }),
    ...(images.length > 0 && { images }),
    ...(toolCalls.length > 0 && { tool_calls: toolCalls }),
  };
}

/** The error in a body with the status 200. */
export function throwGeminiError(answer: JsonRecord): void {
  const error = recordOf(answer.error);
  if (textOf(error.message) !== "") throw brokenAnswer(textOf(error.message), { type: textOf(error.status) || null });
}

/** Gemini's response as the hub's. A blocked prompt is an answer with a refusal and no content. */
export function readGeminiResponse(body: Uint8Array, asked: { model: string; now: number }): ChatResponse {
  const answer = parseAnswer(body, "Gemini");
  throwGeminiError(answer);
  const responseId = geminiId(answer, asked.now);
  const head = { id: responseId, model: textOf(answer.modelVersion) || asked.model, now: asked.now };
  const feedback = recordOf(answer.promptFeedback);
  const candidates = recordsOf(answer.candidates);
  const usage = geminiUsage(recordOf(answer.usageMetadata));
  if (candidates.length === 0 && textOf(feedback.blockReason) !== "") {
    const message = { role: "assistant", content: null, refusal: refusalOf(feedback) };
    return responseOf(head, [{ index: 0, message, finish_reason: "content_filter", logprobs: null }], usage);
  }
  if (candidates.length === 0) throw brokenAnswer("Gemini's answer has no candidates.");
  const choices = candidates.map((candidate, position) => {
    const index = numberOf(candidate.index) ?? position;
    const message = messageOf(candidate, responseId, index);
    const finish = geminiFinish(candidate, message.tool_calls !== undefined);
    return { index, message, finish_reason: finish, logprobs: geminiLogprobs(candidate) ?? null };
  });
  return responseOf(head, choices, usage);
}
