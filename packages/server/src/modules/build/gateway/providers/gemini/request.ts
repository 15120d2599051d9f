import type { ChatRequest } from "@treadle/contract";
import {
  type Effort,
  readEffort,
  readFormat,
  readMaxTokens,
  readStops,
  readToolChoice,
  readTools,
  warnLeftOut,
} from "../../formats/hub/chat-request.ts";
import { unprocessable } from "../../formats/hub/content.ts";
import { compact, type JsonRecord } from "../../formats/hub/json.ts";
import { toGeminiContents } from "./contents.ts";
import { toGeminiSchema } from "./json-schema.ts";

const LEFT_OUT = ["logit_bias", "audio", "modalities", "prediction"];
const MAX_STOPS = 5;

type Draft = { readonly model: string; readonly request: ChatRequest; readonly warnings: string[] };

function toolFields({ request, warnings }: Draft): { tools?: JsonRecord[]; toolConfig?: JsonRecord } {
  const choice = readToolChoice(request);
  const asked = readTools(request);
  if (asked.length === 0) return {};
  if (request.parallel_tool_calls === false)
    warnings.push("Gemini cannot be kept from several tool calls at once; `parallel_tool_calls` was left out.");
  const isNarrowed = choice?.mode === "auto" && choice.only !== null;
  const tools = isNarrowed ? asked.filter((tool) => choice.only?.includes(tool.name)) : asked;
  const declarations = tools.map((tool) => {
    const { schema, warnings: more } = toGeminiSchema(tool.parameters, `tools: ${tool.name}`);
    warnings.push(...more);
    // Gemini rejects an object without properties, but not a function without parameters.
    return compact({
      name: tool.name,
      description: tool.description || undefined,
      parameters: schema.properties === undefined ? undefined : schema,
    });
  });
  const mode = choice?.mode === "none" ? "NONE" : choice?.mode === "required" ? "ANY" : "AUTO";
  const calling = compact({ mode, allowedFunctionNames: mode === "ANY" && choice?.only ? choice.only : undefined });
  return {
    tools: [{ functionDeclarations: declarations }],
    ...(choice && { toolConfig: { functionCallingConfig: calling } }),
  };
}

const BUDGETS = { minimal: 512, low: 1_024, medium: 8_192, high: 24_576, xhigh: 24_576, max: 24_576 } as const;
const LEVELS = { minimal: "MINIMAL", low: "LOW", medium: "MEDIUM", high: "HIGH", xhigh: "HIGH", max: "HIGH" } as const;
/** Gemini 2.5 Pro cannot turn thinking off. This is its minimum. */
const LEAST_PRO_BUDGET = 128;

/** Gemini 2.5 has a token budget for thinking, later models have four levels, and earlier ones do not think. */
function thinkingFields({ model, warnings }: Draft, effort: Effort | undefined): JsonRecord | undefined {
  if (effort === undefined) return undefined;
  const [, major = "9", minor = "0"] = /gemini-(\d+)(?:\.(\d+))?/.exec(model) ?? [];
  const version = Number(major) + Number(minor) / 10;
  const isPro = model.includes("pro");
  if (version < 2.5) {
    if (effort !== "none") warnings.push("This Gemini model does not think; `reasoning_effort` was left out.");
    return undefined;
  }
  if (version < 3) {
    if (effort !== "none") return { thinkingBudget: BUDGETS[effort], includeThoughts: true };
    if (isPro) warnings.push(`This Gemini model always thinks; it was given the least, ${LEAST_PRO_BUDGET} tokens.`);
    return { thinkingBudget: isPro ? LEAST_PRO_BUDGET : 0 };
  }
  if (effort === "none") {
    warnings.push("This Gemini model always thinks; it was told to think as little as it can.");
    return { thinkingLevel: isPro ? "LOW" : "MINIMAL" };
  }
  return { thinkingLevel: isPro && effort === "minimal" ? "LOW" : LEVELS[effort], includeThoughts: true };
}

function formatFields({ request, warnings }: Draft): JsonRecord {
  const format = readFormat(request);
  if (format.type === "text") return {};
  if (format.type === "json_object") return { responseMimeType: "application/json" };
  const { schema, warnings: more } = toGeminiSchema(format.schema, "response_format.json_schema.schema");
  warnings.push(...more);
  return { responseMimeType: "application/json", responseSchema: schema };
}

function generationConfig(draft: Draft): JsonRecord | undefined {
  const { request, warnings } = draft;
  const stops = readStops(request);
  if (stops.length > MAX_STOPS)
    throw unprocessable("stop", `holds ${stops.length} texts, but Gemini takes at most ${MAX_STOPS}.`);
  if ((request.temperature ?? 0) > 2)
    warnings.push(`Gemini's temperature ends at 2; ${request.temperature} was lowered to 2.`);
  const config = compact({
    temperature:
      request.temperature === undefined || request.temperature === null ? undefined : Math.min(2, request.temperature),
    topP: request.top_p ?? undefined,
    topK: request.top_k ?? undefined,
    maxOutputTokens: readMaxTokens(request),
    stopSequences: stops.length > 0 ? stops : undefined,
    seed: request.seed ?? undefined,
    candidateCount: (request.n ?? 1) > 1 ? request.n : undefined,
    presencePenalty: request.presence_penalty || undefined,
    frequencyPenalty: request.frequency_penalty || undefined,
    responseLogprobs: request.logprobs === true ? true : undefined,
    logprobs: request.logprobs === true && request.top_logprobs ? request.top_logprobs : undefined,
    thinkingConfig: thinkingFields(draft, readEffort(request)),
    ...formatFields(draft),
  });
  return Object.keys(config).length > 0 ? config : undefined;
}

/** Translates a chat request to Gemini's `generateContent`. Throws `AppError`: `invalid_request` or `unprocessable`, naming the field. */
export function toGeminiBody(model: string, request: ChatRequest): { body: JsonRecord; warnings: string[] } {
  const draft: Draft = { model, request, warnings: warnLeftOut(request, LEFT_OUT, "Gemini") };
  const { system, contents } = toGeminiContents(model, request);
  if (contents.length === 0)
    throw unprocessable("messages", "holds nothing but system messages; Gemini needs a user's message.");
  const body = compact({
    systemInstruction: system,
    contents,
    ...toolFields(draft),
    generationConfig: generationConfig(draft),
  });
  return { body, warnings: draft.warnings };
}
