import type { ChatRequest } from "@treadle/contract";
import {
  type ChatTool,
  readEffort,
  readFormat,
  readMaxTokens,
  readStops,
  readToolChoice,
  readTools,
  warnLeftOut,
} from "../wires/chat-request.ts";
import { unprocessable } from "../wires/content.ts";
import { compact, type JsonRecord, recordOf, textOf } from "../wires/json.ts";
import { lacksThoughts, toAnthropicMessages } from "./anthropic-messages.ts";
import { type ClaudeTraits, claudeTraits } from "./anthropic-models.ts";
import { toClaudeSchema } from "./anthropic-schema.ts";

/** The tool that stands for "answer in this shape" on models without structured output; its call is read back as the answer's text. */
export const ANSWER_TOOL = "treadle_answer";

const LEFT_OUT = [
  "n",
  "seed",
  "logprobs",
  "top_logprobs",
  "logit_bias",
  "presence_penalty",
  "frequency_penalty",
  "audio",
  "modalities",
  "prediction",
];
const BUDGETS = { minimal: 1_024, low: 2_048, medium: 8_192, high: 16_384, xhigh: 24_576, max: 32_768 } as const;
const LEAST_BUDGET = 1_024;

type Draft = { readonly request: ChatRequest; readonly traits: ClaudeTraits; readonly warnings: string[] };

function toolOf(tool: ChatTool, { traits }: Draft): JsonRecord {
  const isStrict = tool.isStrict && traits.hasStructuredOutput;
  return compact({
    name: tool.name,
    description: tool.description || undefined,
    input_schema: isStrict ? toClaudeSchema(tool.parameters) : { type: "object", ...tool.parameters },
    strict: isStrict ? true : undefined,
    cache_control: tool.cacheControl,
  });
}

function toolFields(draft: Draft): { tools?: JsonRecord[]; tool_choice?: JsonRecord } {
  const { request, warnings } = draft;
  const choice = readToolChoice(request);
  let tools = readTools(request);
  if (tools.length === 0) return {};
  if (choice?.only && choice.only.length !== 1) tools = tools.filter((tool) => choice.only?.includes(tool.name));
  const isSingle = request.parallel_tool_calls === false;
  const single = isSingle ? { disable_parallel_tool_use: true } : {};
  const list = tools.map((tool) => toolOf(tool, draft));
  if (!choice) return { tools: list, ...(isSingle && { tool_choice: { type: "auto", ...single } }) };
  if (choice.mode === "none") return { tools: list, tool_choice: { type: "none" } };
  const [only] = choice.only ?? [];
  if (choice.mode === "required" && choice.only?.length === 1)
    return { tools: list, tool_choice: { type: "tool", name: only, ...single } };
  if (choice.only?.length === 1) {
    warnings.push("Anthropic cannot narrow `tool_choice` to allowed tools; the others were left out of `tools`.");
    return { tools: list.filter((tool) => tool.name === only), tool_choice: { type: "auto", ...single } };
  }
  return { tools: list, tool_choice: { type: choice.mode === "required" ? "any" : "auto", ...single } };
}

type Format = { tools?: JsonRecord[]; tool_choice?: JsonRecord; system?: JsonRecord[]; format?: JsonRecord };

/**
 * JSON output, decided by what the model can do: from Claude 4.5 on the API's own structured output; before that a tool that must be called,
 * unless the caller has tools of its own; otherwise, and for `json_object`, a sentence in the system prompt and a warning that nothing enforces it.
 */
function formatFields({ request, traits, warnings }: Draft, hasTools: boolean): Format {
  const format = readFormat(request);
  if (format.type === "text") return {};
  if (format.type === "json_schema" && traits.hasStructuredOutput) {
    return { format: { type: "json_schema", schema: toClaudeSchema(format.schema) } };
  }
  if (format.type === "json_schema" && !hasTools) {
    const description = format.description || "Give the answer in this shape.";
    return {
      tools: [{ name: ANSWER_TOOL, description, input_schema: { type: "object", ...format.schema } }],
      tool_choice: { type: "tool", name: ANSWER_TOOL, disable_parallel_tool_use: true },
    };
  }
  warnings.push("This model cannot be held to `response_format`; it was asked for JSON in words, so check the answer.");
  const shape = format.type === "json_schema" ? ` It must fit this JSON schema: ${JSON.stringify(format.schema)}` : "";
  return {
    system: [{ type: "text", text: `Answer with one JSON object and nothing else, without a code fence.${shape}` }],
  };
}

function samplingFields({ request, traits, warnings }: Draft, isThinking: boolean): JsonRecord {
  const { temperature, top_p: topP } = request;
  const topK = request.top_k ?? undefined;
  const asked = { temperature: temperature ?? undefined, top_p: topP ?? undefined, top_k: topK };
  const names = Object.entries(asked).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  if (names.length === 0) return {};
  if (!traits.takesSampling || isThinking) {
    const why = isThinking ? "while it thinks" : "";
    warnings.push(
      `This Claude model takes no ${names.map((name) => `\`${name}\``).join(", ")} ${why}`
        .trimEnd()
        .concat("; left out."),
    );
    return {};
  }
  if (asked.temperature !== undefined && asked.temperature > 1) {
    warnings.push(`Anthropic's temperature ends at 1; ${asked.temperature} was lowered to 1.`);
    asked.temperature = 1;
  }
  if (asked.temperature !== undefined && asked.top_p !== undefined && !traits.takesTemperatureWithTopP) {
    warnings.push("This Claude model takes `temperature` or `top_p`, not both; `top_p` was left out.");
    asked.top_p = undefined;
  }
  return compact(asked);
}

type Thinking = { readonly thinking?: JsonRecord; readonly effort?: string; readonly maxTokens: number };

/** Why thinking cannot be on, or undefined. */
function thinkingObstacle(
  draft: Draft,
  toolChoice: JsonRecord | undefined,
  messages: Parameters<typeof lacksThoughts>[0],
): string | undefined {
  if (draft.traits.thinking === "none") return "this Claude model does not think";
  if (toolChoice?.type === "tool" || toolChoice?.type === "any") return "a forced tool call excludes thinking";
  if (lacksThoughts(messages)) return "the last tool call came back without its `reasoning_details`";
  return undefined;
}

function thinkingFields(draft: Draft, obstacleOf: () => string | undefined): Thinking {
  const { request, traits, warnings } = draft;
  const asked = readMaxTokens(request);
  const own = recordOf(request.thinking);
  if (textOf(own.type) !== "")
    return { thinking: own, maxTokens: asked ?? traits.maxTokens + Number(own.budget_tokens ?? 0) };
  const effort = readEffort(request);
  const plain = { maxTokens: asked ?? traits.maxTokens };
  if (effort === undefined || effort === "none") return plain;
  const obstacle = obstacleOf();
  if (obstacle !== undefined) {
    warnings.push(`\`reasoning_effort\` was left out: ${obstacle}.`);
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
      `\`reasoning_effort\` was left out: thinking needs at least ${LEAST_BUDGET + 1} tokens, and \`max_tokens\` allows ${asked}.`,
    );
    return plain;
  }
  return { thinking: { type: "enabled", budget_tokens: budget }, maxTokens: asked ?? traits.maxTokens + budget };
}

/**
 * A chat request as Anthropic's Messages API takes it (without `stream`, which the caller sets).
 * OpenAI needs no limit on the answer and Anthropic does: 8192 tokens where none was asked (4096 for Claude 3), more when the model thinks.
 * Throws `AppError`: `invalid_request` for what nobody could read, `unprocessable` for what Anthropic cannot do.
 */
export function toAnthropicBody(model: string, request: ChatRequest): { body: JsonRecord; warnings: string[] } {
  const draft: Draft = { request, traits: claudeTraits(model), warnings: warnLeftOut(request, LEFT_OUT, "Anthropic") };
  if ((request.n ?? 1) > 1)
    throw unprocessable(
      "n",
      "is more than 1, but Anthropic gives one answer to a request. Send the request several times.",
    );
  const { system, messages } = toAnthropicMessages(request);
  const tools = toolFields(draft);
  const format = formatFields(draft, tools.tools !== undefined);
  const toolChoice = format.tool_choice ?? tools.tool_choice;
  const { thinking, effort, maxTokens } = thinkingFields(draft, () => thinkingObstacle(draft, toolChoice, messages));
  const isThinking = thinking !== undefined && thinking.type !== "disabled";
  const outputConfig = compact({ effort, format: format.format });
  const stops = readStops(request).filter((stop) => stop.trim() !== "");
  const user = textOf(request.safety_identifier) || textOf(request.user);
  const body = compact({
    model,
    max_tokens: maxTokens,
    system: system.length + (format.system?.length ?? 0) > 0 ? [...system, ...(format.system ?? [])] : undefined,
    messages,
    tools: format.tools ?? tools.tools,
    tool_choice: toolChoice,
    stop_sequences: stops.length > 0 ? stops : undefined,
    ...samplingFields(draft, isThinking),
    thinking,
    output_config: Object.keys(outputConfig).length > 0 ? outputConfig : undefined,
    cache_control: request.cache_control ?? undefined,
    metadata: user === "" ? undefined : { user_id: user },
    stream: request.stream === true ? true : undefined,
  });
  return { body, warnings: draft.warnings };
}
