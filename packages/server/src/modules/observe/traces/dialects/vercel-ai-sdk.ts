import { isRecord } from "../../../../kernel/is-record.ts";
import type { AttributeReader } from "./readers/attribute-reader.ts";
import type { Dialect, Reading } from "./readers/dialect.ts";
import { listOf, parseText } from "./readers/json.ts";
import { callsModel, type SpanKind } from "./readers/kinds.ts";
import type { Message, Part } from "./readers/message.ts";
import { toProvider } from "./readers/providers.ts";
import { readMetadata } from "./readers/read-common.ts";
import { readInput, toFacts } from "./readers/read-content.ts";
import { readGenAi } from "./readers/read-gen-ai.ts";
import { readMedia } from "./readers/read-media.ts";
import { readGenAiParameters } from "./readers/read-parameters.ts";
import { readToolCall } from "./readers/read-parts.ts";
import { type Counts, readGenAiCounts, toUsage, type Usage } from "./readers/read-usage.ts";
import type { ReceivedSpan } from "./readers/received-span.ts";

const OPERATION = "ai.operationId";
const FAMILIES = ["ai.telemetry.metadata.", "ai.settings.context."];
const SETTINGS = "ai.settings.";
const PARAMETER_NAMES: Readonly<Record<string, string>> = {
  maxOutputTokens: "max_tokens",
  maxTokens: "max_tokens",
  topP: "top_p",
  topK: "top_k",
  stopSequences: "stop_sequences",
  frequencyPenalty: "frequency_penalty",
  presencePenalty: "presence_penalty",
};

/** Vercel's AI SDK: its own telemetry of versions 4 to 6, and the conventions of version 7 with what it adds to them. */
export const vercelAiSdk: Dialect = {
  id: "ai_sdk",
  label: "Vercel AI SDK",
  matches: ({ attributes, scope }) =>
    typeof attributes.get(OPERATION) === "string" ||
    (scope.name === "gen_ai" && attributes.has("gen_ai.operation.name")),
  read(span, reader) {
    const metadata = readMetadata(reader, FAMILIES);
    const own = span.attributes.has(OPERATION) ? readOwn(span, reader) : readConventions(span, reader);
    return { ...own, metadata };
  },
};

function readConventions(span: ReceivedSpan, reader: AttributeReader): Reading {
  const reading = readGenAi(span, reader);
  const values = reader.value("ai.values", "ai.value");
  dropVectors(reader);
  return {
    ...reading,
    ...(callsModel(reading.kind) &&
      addReasoning(reading, reader.number("ai.usage.outputTokenDetails.reasoningTokens"))),
    ...(reading.kind === "embedding" && values !== undefined && { input: textsOf(values) }),
  };
}

const addReasoning = (usage: Usage, reasoning: number | undefined): Usage =>
  reasoning === undefined ? {} : { reasoningTokens: usage.reasoningTokens || reasoning };

/** Facts that are written twice, under the SDK's names and the conventions'. */
const TWICE = [
  "gen_ai.system",
  "gen_ai.response.model",
  "gen_ai.request.model",
  "ai.response.id",
  "ai.response.finishReason",
  "resource.name",
];

function readOwn(span: ReceivedSpan, reader: AttributeReader): Reading {
  const kind = kindOfOperation(reader.peek(OPERATION));
  const model = reader.text("ai.model.id");
  reader.drop(...TWICE);
  return {
    kind,
    // Every call of a tool has the same name.
    name: reader.peek("ai.toolCall.name"),
    provider: toProvider(reader.text("ai.model.provider") || reader.peek("gen_ai.system")),
    requestModel: model || reader.text("gen_ai.request.model"),
    responseModel: reader.text("ai.response.model", "gen_ai.response.model"),
    parameters: readParameters(reader),
    timeToFirstTokenMs: reader.number("ai.response.msToFirstChunk") ?? null,
    traceName: span.parentSpanId === "" ? reader.peek("ai.telemetry.functionId") : "",
    ...(callsModel(kind) && readUsage(reader)),
    ...readContent(reader, kind),
    attributes: toFacts({
      "gen_ai.tool.definitions": listOf(reader.value("ai.prompt.tools")).map(parsed),
      "gen_ai.tool.name": reader.text("ai.toolCall.name"),
      "gen_ai.tool.call.id": reader.text("ai.toolCall.id"),
      "gen_ai.response.id": reader.text("gen_ai.response.id", "ai.response.id"),
      "gen_ai.response.finish_reasons": reader.texts("gen_ai.response.finish_reasons", "ai.response.finishReason"),
    }),
  };
}

/** Only the calls within (`….doGenerate`) reach a model: what is around them repeats the sum of their tokens. */
function kindOfOperation(operation: string): SpanKind {
  if (operation === "ai.toolCall") return "tool";
  if (/\.doEmbed$/.test(operation)) return "embedding";
  if (/\.doRerank$/.test(operation)) return "rerank";
  return /\.do[A-Z]/.test(operation) ? "generation" : "chain";
}

function readParameters(reader: AttributeReader): Record<string, unknown> {
  const settings = reader
    .family(SETTINGS)
    .filter(([name, value]) => !name.startsWith("context.") && value !== null)
    .map(([name, value]) => [Object.hasOwn(PARAMETER_NAMES, name) ? PARAMETER_NAMES[name] : name, value]);
  const choice = reader.value("ai.prompt.toolChoice");
  // The conventions' names say the same once more.
  return {
    ...readGenAiParameters(reader),
    ...Object.fromEntries(settings),
    ...(choice !== undefined && { tool_choice: choice }),
  };
}

function readUsage(reader: AttributeReader): Usage {
  const conventions = readGenAiCounts(reader);
  const counts: Counts = {
    input: reader.number("ai.usage.inputTokens", "ai.usage.promptTokens", "ai.usage.tokens") ?? conventions.input,
    output: reader.number("ai.usage.outputTokens", "ai.usage.completionTokens") ?? conventions.output,
    total: reader.number("ai.usage.totalTokens"),
    cached: reader.number("ai.usage.inputTokenDetails.cacheReadTokens", "ai.usage.cachedInputTokens"),
    written: reader.number("ai.usage.inputTokenDetails.cacheWriteTokens"),
    reasoning: reader.number("ai.usage.outputTokenDetails.reasoningTokens", "ai.usage.reasoningTokens"),
  };
  reader.family("ai.usage.");
  return toUsage(counts);
}

function readContent(reader: AttributeReader, kind: SpanKind): Pick<Reading, "input" | "output"> {
  if (kind === "tool") return { input: reader.value("ai.toolCall.args"), output: reader.value("ai.toolCall.result") };
  const values = reader.value("ai.values", "ai.value");
  if (values !== undefined) {
    dropVectors(reader);
    return { input: textsOf(values), output: null };
  }
  const prompt = reader.value("ai.prompt.messages", "ai.prompt");
  return { input: readInput(kind === "chain" ? "generation" : kind, prompt), output: readAnswer(reader) };
}

/** The answer is spread over attributes: reasoning, text, tool calls and images, or the generated object. */
function readAnswer(reader: AttributeReader): Message[] | undefined {
  const reasoning = reader.text("ai.response.reasoning");
  const text = reader.text("ai.response.text", "ai.response.object");
  const calls = listOf(reader.value("ai.response.toolCalls")).filter(isRecord);
  const files = listOf(reader.value("ai.response.files")).filter(isRecord);
  const parts: Part[] = [
    ...(reasoning === "" ? [] : [{ type: "reasoning", content: reasoning }]),
    ...(text === "" ? [] : [{ type: "text", content: text }]),
    ...files.map((file) => readMedia({ type: "file", ...file }) ?? file),
    ...calls.map(readToolCall),
  ];
  const finish = reader.peek("ai.response.finishReason");
  return parts.length === 0
    ? undefined
    : [{ role: "assistant", parts, ...(finish !== "" && { finish_reason: finish }) }];
}

/** Each text is separate JSON. */
const textsOf = (values: unknown): unknown => (Array.isArray(values) ? values.map(parsed) : [values]);
const parsed = (value: unknown): unknown => (typeof value === "string" ? parseText(value) : value);
const dropVectors = (reader: AttributeReader) => reader.drop("ai.embedding", "ai.embeddings");
