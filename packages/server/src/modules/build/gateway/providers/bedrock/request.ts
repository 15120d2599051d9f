import type { ChatRequest } from "@treadle/contract";
import {
  readEffort,
  readMaxTokens,
  readStops,
  readToolChoice,
  readTools,
  warnLeftOut,
} from "../../formats/hub/chat-request.ts";
import { unprocessable } from "../../formats/hub/content.ts";
import { compact, type JsonRecord, numberOf } from "../../formats/hub/json.ts";
import { toClaudeSchema } from "../anthropic/json-schema.ts";
import { claudeTraits } from "../anthropic/models.ts";
import { calledNames } from "../anthropic/request.ts";
import { ANSWER_TOOL, planFormat } from "../anthropic/response-format.ts";
import { type ClaudeDraft, claudeSampling, claudeThinking } from "../anthropic/thinking.ts";
import { toBedrockMessages } from "./messages.ts";

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

const isClaude = (model: string) => model.includes("claude");
/** The vendors whose models on Bedrock have structured output, according to AWS; Claude from version 4.5. */
const STRUCTURED =
  /(^|\.)(openai\.gpt-oss|qwen\.qwen3|deepseek\.v3|google\.gemma-3|minimax\.|moonshot|nvidia\.|mistral\.(mistral-large-3|ministral))/;
/** The vendors whose models can be forced to call a tool. */
const FORCEABLE = /claude|amazon\.nova|mistral\.mistral-large/;

type Tools = { readonly tools?: JsonRecord[]; readonly toolChoice?: JsonRecord };

const toolSpec = (name: string, description: string, schema: JsonRecord): JsonRecord => ({
  toolSpec: compact({
    name,
    description: description || undefined,
    inputSchema: { json: { type: "object", ...schema } },
  }),
});

function toolFields(request: ChatRequest, warnings: string[]): Tools {
  const choice = readToolChoice(request);
  const known = calledNames(request).map((name) => toolSpec(name, "", {}));
  const isForbidden = choice?.mode === "none";
  const asked = isForbidden ? [] : readTools(request);
  if (asked.length === 0) {
    if (isForbidden && known.length > 0)
      warnings.push(
        'Bedrock has no `tool_choice: "none"`; the tools of earlier calls had to be declared and could be called.',
      );
    return known.length === 0 ? {} : { tools: known };
  }
  if (request.parallel_tool_calls === false) warnings.push("Bedrock has no `parallel_tool_calls`; it was left out.");
  const isOne = choice?.mode === "required" && choice.only?.length === 1;
  const shown = asked.filter((tool) => isOne || !choice?.only || choice.only.includes(tool.name));
  const tools = shown.flatMap((tool) => {
    const spec = toolSpec(tool.name, tool.description, tool.parameters);
    return tool.cacheControl === undefined ? [spec] : [spec, { cachePoint: { type: "default" } }];
  });
  if (isOne) return { tools, toolChoice: { tool: { name: choice.only?.[0] } } };
  return { tools, ...(choice?.mode === "required" && { toolChoice: { any: {} } }) };
}

type Inference = { readonly inferenceConfig: JsonRecord; readonly additional: JsonRecord };

/** Converse has no fields for Claude's own parameters. They go into the additional fields, in Claude's format. */
function claudeInference(draft: ClaudeDraft, forcesTool: boolean): Inference {
  const { thinking, effort, maxTokens } = claudeThinking(draft, forcesTool);
  const {
    temperature,
    top_p: topP,
    top_k: topK,
  } = claudeSampling(draft, thinking !== undefined && thinking.type !== "disabled");
  return {
    inferenceConfig: { maxTokens, temperature, topP },
    additional: { thinking, output_config: effort === undefined ? undefined : { effort }, top_k: topK },
  };
}

function otherInference({ request, warnings }: ClaudeDraft, model: string): Inference {
  const effort = readEffort(request);
  const additional: Record<string, unknown> = {};
  if (effort !== undefined && effort !== "none") {
    const level = effort === "minimal" ? "low" : effort === "xhigh" || effort === "max" ? "high" : effort;
    if (model.includes("gpt-oss")) additional.reasoning_effort = level;
    else if (model.includes("nova-2")) additional.reasoningConfig = { type: "enabled", maxReasoningEffort: level };
    else warnings.push("This model takes no `reasoning_effort` on Bedrock; it was left out.");
  }
  if ((request.temperature ?? 0) > 1)
    warnings.push(`Bedrock's temperature ends at 1; ${request.temperature} was lowered to 1.`);
  const temperature =
    request.temperature === undefined || request.temperature === null ? undefined : Math.min(1, request.temperature);
  if (numberOf(request.top_k) !== undefined) additional.top_k = request.top_k;
  return {
    inferenceConfig: { maxTokens: readMaxTokens(request), temperature, topP: request.top_p ?? undefined },
    additional,
  };
}

const filled = (record: JsonRecord): JsonRecord | undefined => {
  const entries = compact(record);
  return Object.keys(entries).length > 0 ? entries : undefined;
};

/** Translates a chat request to Bedrock's Converse. Throws `AppError`: `invalid_request` or `unprocessable`, naming the field. */
export function toConverseBody(model: string, request: ChatRequest): { body: JsonRecord; warnings: string[] } {
  if ((request.n ?? 1) > 1)
    throw unprocessable(
      "n",
      "is more than 1, but Bedrock gives one answer to a request. Send the request several times.",
    );
  const traits = claudeTraits(model);
  const draft: ClaudeDraft = { request, traits, warnings: warnLeftOut(request, LEFT_OUT, "Bedrock") };
  const { system, messages } = toBedrockMessages(request);
  const given = toolFields(request, draft.warnings);
  const hasStructuredOutput = isClaude(model) ? traits.hasStructuredOutput : STRUCTURED.test(model);
  const plan = planFormat(
    request,
    { hasStructuredOutput, canForceTool: given.tools === undefined && FORCEABLE.test(model) },
    draft.warnings,
  );
  const answer =
    plan.kind === "tool"
      ? { tools: [toolSpec(ANSWER_TOOL, plan.description, plan.schema)], toolChoice: { tool: { name: ANSWER_TOOL } } }
      : given;
  const { inferenceConfig, additional } = isClaude(model)
    ? claudeInference(draft, answer.toolChoice !== undefined)
    : otherInference(draft, model);
  const stops = readStops(request);
  const words = plan.kind === "words" ? [{ text: plan.text }] : [];
  const body = compact({
    messages,
    system: system.length + words.length > 0 ? [...system, ...words] : undefined,
    inferenceConfig: filled({ ...inferenceConfig, stopSequences: stops.length > 0 ? stops : undefined }),
    toolConfig: answer.tools ? compact({ tools: answer.tools, toolChoice: answer.toolChoice }) : undefined,
    outputConfig:
      plan.kind === "schema"
        ? {
            textFormat: {
              type: "json_schema",
              structure: {
                jsonSchema: compact({
                  schema: JSON.stringify(toClaudeSchema(plan.schema)),
                  name: plan.name,
                  description: plan.description || undefined,
                }),
              },
            },
          }
        : undefined,
    additionalModelRequestFields: filled(additional),
  });
  return { body, warnings: draft.warnings };
}
