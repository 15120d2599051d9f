import type { ChatRequest } from "@treadle/contract";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { readEffort, readMaxTokens } from "../../formats/hub/chat-request.ts";
import { compact, type JsonRecord, numberOf, recordOf, textOf } from "../../formats/hub/json.ts";
import { thinkingBlocks } from "./messages.ts";
import type { ClaudeTraits } from "./models.ts";

/** A request to a Claude model during translation. Parts that are left out are added to `warnings`. */
export type ClaudeDraft = { readonly request: ChatRequest; readonly traits: ClaudeTraits; readonly warnings: string[] };

const BUDGETS = { minimal: 1_024, low: 2_048, medium: 8_192, high: 16_384, xhigh: 24_576, max: 32_768 } as const;
const LEAST_BUDGET = 1_024;

/** Whether the current turn began with a tool call whose thinking the caller did not store. Thinking must be off then. */
function lacksThoughts({ messages }: ChatRequest): boolean {
  const called = messages.findLast((message) => message.role === "assistant");
  if (messages.at(-1)?.role !== "tool" || !isRecord(called) || !Array.isArray(called.tool_calls)) return false;
  return thinkingBlocks(called).length === 0;
}

function obstacle({ traits, request }: ClaudeDraft, forcesTool: boolean): string | undefined {
  if (traits.thinking === "none") return "this Claude model does not think";
  if (forcesTool) return "a forced tool call excludes thinking";
  if (lacksThoughts(request)) return "the last tool call came back without its `reasoning_details`";
  return undefined;
}

/** `maxTokens` is the caller's limit, or otherwise enough for the thinking and an answer. */
export type ClaudeThinking = { readonly thinking?: JsonRecord; readonly effort?: string; readonly maxTokens: number };

/** `reasoning_effort` as a thinking budget, or as adaptive thinking with an effort. The caller's own `thinking` takes precedence. */
export function claudeThinking(draft: ClaudeDraft, forcesTool: boolean): ClaudeThinking {
  const { request, traits, warnings } = draft;
  const asked = readMaxTokens(request);
  const plain = { maxTokens: asked ?? traits.maxTokens };
  const own = recordOf(request.thinking);
  if (textOf(own.type) !== "")
    return { thinking: own, maxTokens: asked ?? traits.maxTokens + (numberOf(own.budget_tokens) ?? 0) };
  const effort = readEffort(request);
  if (effort === undefined || effort === "none") return plain;
  const why = obstacle(draft, forcesTool);
  if (why !== undefined) {
    warnings.push(`\`reasoning_effort\` was left out: ${why}.`);
    return plain;
  }
  if (traits.thinking === "adaptive") {
    return {
      thinking: { type: "adaptive" },
      effort: effort === "minimal" ? "low" : effort,
      maxTokens: asked ?? traits.maxTokens * 4,
    };
  }
  const budget = Math.min(BUDGETS[effort], (asked ?? Number.POSITIVE_INFINITY) - 1);
  if (budget < LEAST_BUDGET) {
    warnings.push(
      `\`reasoning_effort\` was left out: thinking needs more than ${LEAST_BUDGET} tokens, and the request allows ${asked}.`,
    );
    return plain;
  }
  return { thinking: { type: "enabled", budget_tokens: budget }, maxTokens: asked ?? traits.maxTokens + budget };
}

/** Temperature, top_p and top_k, if the model accepts them. */
export function claudeSampling(
  { request, traits, warnings }: ClaudeDraft,
  isThinking: boolean,
): { temperature?: number; top_p?: number; top_k?: number } {
  const asked = compact({
    temperature: request.temperature ?? undefined,
    top_p: request.top_p ?? undefined,
    top_k: numberOf(request.top_k),
  });
  const names = Object.keys(asked).map((name) => `\`${name}\``);
  if (names.length === 0) return {};
  if (!traits.takesSampling || isThinking) {
    warnings.push(`This Claude model takes no ${names.join(", ")}${isThinking ? " while it thinks" : ""}; left out.`);
    return {};
  }
  if (asked.temperature !== undefined && asked.temperature > 1) {
    warnings.push(`Claude's temperature ends at 1; ${asked.temperature} was lowered to 1.`);
    asked.temperature = 1;
  }
  if (asked.temperature !== undefined && asked.top_p !== undefined && !traits.takesTemperatureWithTopP) {
    warnings.push("This Claude model takes `temperature` or `top_p`, not both; `top_p` was left out.");
    asked.top_p = undefined;
  }
  return compact(asked);
}
