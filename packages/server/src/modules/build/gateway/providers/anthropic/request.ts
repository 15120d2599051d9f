import type { ChatRequest } from "@treadle/contract";
import {
  type ChatTool,
  readStops,
  readToolCalls,
  readToolChoice,
  readTools,
  warnLeftOut,
} from "../../formats/hub/chat-request.ts";
import { unprocessable } from "../../formats/hub/content.ts";
import { compact, type JsonRecord, textOf } from "../../formats/hub/json.ts";
import { toClaudeSchema } from "./json-schema.ts";
import { toAnthropicMessages } from "./messages.ts";
import { claudeTraits } from "./models.ts";
import { ANSWER_TOOL, type FormatPlan, planFormat } from "./response-format.ts";
import { type ClaudeDraft, claudeSampling, claudeThinking } from "./thinking.ts";

const LEFT_OUT = [
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

function toolOf(tool: ChatTool, { traits }: ClaudeDraft): JsonRecord {
  const isStrict = tool.isStrict && traits.hasStructuredOutput;
  return compact({
    name: tool.name,
    description: tool.description || undefined,
    input_schema: isStrict ? toClaudeSchema(tool.parameters) : { type: "object", ...tool.parameters },
    strict: isStrict ? true : undefined,
    cache_control: tool.cacheControl,
  });
}

/** The names of the tools in earlier tool calls. A conversation with tool calls must declare their tools. */
export function calledNames(request: ChatRequest): string[] {
  const names = request.messages.flatMap((message, index) =>
    readToolCalls(message.tool_calls, `messages[${index}]`).map((call) => call.name),
  );
  return [...new Set(names)];
}

type Tools = { readonly tools?: JsonRecord[]; readonly tool_choice?: JsonRecord };

function toolFields(draft: ClaudeDraft): Tools {
  const { request } = draft;
  const choice = readToolChoice(request);
  const asked = readTools(request);
  if (asked.length === 0) {
    const known = calledNames(request).map((name) => ({ name, input_schema: { type: "object" } }));
    return known.length === 0 ? {} : { tools: known, tool_choice: { type: "none" } };
  }
  // Anthropic has no separate list of allowed tools, so other tools are left out.
  const isNarrowed = choice?.only && !(choice.mode === "required" && choice.only.length === 1);
  const tools = asked
    .filter((tool) => !isNarrowed || choice.only?.includes(tool.name))
    .map((tool) => toolOf(tool, draft));
  const single = request.parallel_tool_calls === false ? { disable_parallel_tool_use: true } : undefined;
  if (!choice) return { tools, ...(single && { tool_choice: { type: "auto", ...single } }) };
  if (choice.mode === "none") return { tools, tool_choice: { type: "none" } };
  if (choice.mode === "auto") return { tools, tool_choice: { type: "auto", ...single } };
  if (choice.only?.length === 1) return { tools, tool_choice: { type: "tool", name: choice.only[0], ...single } };
  return { tools, tool_choice: { type: "any", ...single } };
}

const answerTool = (plan: Extract<FormatPlan, { kind: "tool" }>): Tools => ({
  tools: [{ name: ANSWER_TOOL, description: plan.description, input_schema: plan.schema }],
  tool_choice: { type: "tool", name: ANSWER_TOOL, disable_parallel_tool_use: true },
});

/**
 * Translates a chat request to Anthropic's Messages API.
 * Anthropic requires a limit on the answer, unlike OpenAI. The default is 8192 tokens (4096 for Claude 3), and more with thinking.
 * Throws `AppError`: `invalid_request` for an invalid field, `unprocessable` for a feature that Anthropic does not have.
 */
export function toAnthropicBody(model: string, request: ChatRequest): { body: JsonRecord; warnings: string[] } {
  if ((request.n ?? 1) > 1)
    throw unprocessable(
      "n",
      "is more than 1, but Claude gives one answer to a request. Send the request several times.",
    );
  const draft: ClaudeDraft = {
    request,
    traits: claudeTraits(model),
    warnings: warnLeftOut(request, LEFT_OUT, "Anthropic"),
  };
  const { system, messages } = toAnthropicMessages(request);
  const given = toolFields(draft);
  const { hasStructuredOutput } = draft.traits;
  const plan = planFormat(request, { hasStructuredOutput, canForceTool: given.tools === undefined }, draft.warnings);
  const { tools, tool_choice: toolChoice } = plan.kind === "tool" ? answerTool(plan) : given;
  const words = plan.kind === "words" ? [{ type: "text", text: plan.text }] : [];
  const { thinking, effort, maxTokens } = claudeThinking(
    draft,
    toolChoice?.type === "tool" || toolChoice?.type === "any",
  );
  const format = plan.kind === "schema" ? { type: "json_schema", schema: toClaudeSchema(plan.schema) } : undefined;
  const outputConfig = compact({ effort, format });
  const stops = readStops(request).filter((stop) => stop.trim() !== ""); // Anthropic refuses white space
  const user = textOf(request.safety_identifier) || textOf(request.user);
  const body = compact({
    model,
    max_tokens: maxTokens,
    system: system.length + words.length > 0 ? [...system, ...words] : undefined,
    messages,
    tools,
    tool_choice: toolChoice,
    stop_sequences: stops.length > 0 ? stops : undefined,
    ...claudeSampling(draft, thinking !== undefined && thinking.type !== "disabled"),
    thinking,
    output_config: Object.keys(outputConfig).length > 0 ? outputConfig : undefined,
    cache_control: request.cache_control ?? undefined,
    metadata: user === "" ? undefined : { user_id: user },
    stream: request.stream === true ? true : undefined,
  });
  return { body, warnings: draft.warnings };
}
