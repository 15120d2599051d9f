import { newId } from "../../../../../kernel/ids.ts";
import { brokenAnswer, parseAnswer } from "../../formats/hub/answers.ts";
import { toolCall } from "../../formats/hub/chat-request.ts";
import { responseOf, usageOf } from "../../formats/hub/chunks.ts";
import type { ChatResponse, ChatUsage, ToolCall } from "../../formats/hub/hub.ts";
import { countOf, type JsonRecord, recordOf, recordsOf, textOf } from "../../formats/hub/json.ts";
import { ANTHROPIC_FORMAT, type ReasoningDetail } from "../../formats/hub/reasoning.ts";
import { ANSWER_TOOL } from "../anthropic/response-format.ts";

const FINISH_REASONS: Readonly<Record<string, string>> = {
  end_turn: "stop",
  stop_sequence: "stop",
  tool_use: "tool_calls",
  max_tokens: "length",
  model_context_window_exceeded: "length",
  guardrail_intervened: "content_filter",
  content_filtered: "content_filter",
};

/** An unknown stop reason counts as a normal end. Throws `UpstreamStreamError` if the model's output could not be read. */
export function bedrockFinish(reason: unknown, isAnswerTool: boolean): string {
  if (reason === "malformed_model_output" || reason === "malformed_tool_use") {
    throw brokenAnswer(`The model's answer could not be read (${reason}).`, { type: reason });
  }
  return isAnswerTool && reason === "tool_use" ? "stop" : (FINISH_REASONS[textOf(reason)] ?? "stop");
}

/** Bedrock counts cached and cache-written tokens separately. The hub counts them as input. */
export function bedrockUsage(usage: JsonRecord): ChatUsage {
  const cached = countOf(usage.cacheReadInputTokens);
  const cacheWrite = countOf(usage.cacheWriteInputTokens);
  return usageOf({
    input: countOf(usage.inputTokens) + cached + cacheWrite,
    output: countOf(usage.outputTokens),
    cached,
    cacheWrite,
  });
}

/** Finished reasoning in the hub's shape, if there is a signature or encrypted data to return. Text alone is not stored. */
export function bedrockDetail(
  { text, signature, redacted }: { text: string; signature: string; redacted: string },
  index: number,
): ReasoningDetail | undefined {
  if (redacted !== "") return { type: "reasoning.encrypted", data: redacted, format: ANTHROPIC_FORMAT, index };
  return signature === "" ? undefined : { type: "reasoning.text", text, signature, format: ANTHROPIC_FORMAT, index };
}

/** Bedrock's answers have no id. */
export const bedrockId = (now: number) => newId("chatcmpl", now);

/** Converse's response as the hub's. */
export function readConverse(body: Uint8Array, asked: { model: string; now: number }): ChatResponse {
  const answer = parseAnswer(body, "Bedrock");
  const message = recordOf(recordOf(answer.output).message);
  if (!Array.isArray(message.content))
    throw brokenAnswer(textOf(answer.message) || "Bedrock's answer has no `output.message`.");
  const blocks = recordsOf(message.content);
  const toolUses = blocks.flatMap((block) => (block.toolUse === undefined ? [] : [recordOf(block.toolUse)]));
  const answerUse = toolUses.find((use) => use.name === ANSWER_TOOL);
  const texts = blocks.flatMap((block) => (typeof block.text === "string" ? [block.text] : []));
  if (answerUse) texts.push(JSON.stringify(answerUse.input ?? {}));
  const calls = toolUses
    .filter((use) => use !== answerUse)
    .map((use): ToolCall => toolCall(textOf(use.toolUseId), textOf(use.name), use.input));
  const thoughts = blocks.flatMap((block) =>
    block.reasoningContent === undefined ? [] : [recordOf(block.reasoningContent)],
  );
  const words = thoughts.map((thought) => textOf(recordOf(thought.reasoningText).text)).join("");
  const details = thoughts
    .map((thought, index) => {
      const { text, signature } = recordOf(thought.reasoningText);
      return bedrockDetail(
        { text: textOf(text), signature: textOf(signature), redacted: textOf(thought.redactedContent) },
        index,
      );
    })
    .filter((detail) => detail !== undefined);
  const choice = {
    index: 0,
    message: {
      role: "assistant",
      content: texts.length > 0 ? texts.join("") : null,
      ...(words !== "" && { reasoning_content: words }),
      ...(details.length > 0 && { reasoning_details: details }),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    finish_reason: bedrockFinish(answer.stopReason, answerUse !== undefined),
    logprobs: null,
  };
  return responseOf(
    { id: bedrockId(asked.now), model: asked.model, now: asked.now },
    [choice],
    bedrockUsage(recordOf(answer.usage)),
  );
}
