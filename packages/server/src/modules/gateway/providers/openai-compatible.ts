import type { ChatRequest } from "@treadle/contract";
import { objectIn, parseAnswer, plainError } from "../wires/answers.ts";
import { createCallPlaces } from "../wires/call-places.ts";
import { fitOpenAi } from "../wires/fit-openai.ts";
import { isRecord, type JsonRecord, parseJson, recordOf, recordsOf, textOf } from "../wires/json.ts";
import { readBytes } from "../wires/read-bytes.ts";
import { wholeChunk, wholeResponse } from "../wires/whole-choices.ts";
import {
  type ChatChunk,
  type ChunkReader,
  type EmbeddingResponse,
  type Provider,
  type StreamEvent,
  type Upstream,
  type UpstreamError,
  type UpstreamRequest,
  UpstreamStreamError,
} from "./provider.ts";

const LABEL = "The provider";

/**
 * Azure keeps the deployment's name in the path when an API version is given, and has OpenAI's own paths behind
 * `/openai/v1` otherwise; everywhere else the path follows the base URL.
 */
function addressOf({ preset, baseUrl, apiVersion, model }: Upstream, path: string): string {
  if (preset !== "azure") return `${baseUrl}${path}`;
  const root = baseUrl.replace(/\/openai(\/v1)?$/, "");
  if (!apiVersion) return `${root}/openai/v1${path}`;
  const version = `api-version=${encodeURIComponent(apiVersion)}`;
  const isPerDeployment = path !== "/models" && path !== "/responses";
  return `${root}/openai${isPerDeployment ? `/deployments/${encodeURIComponent(model)}` : ""}${path}?${version}`;
}

function headersOf({ preset, key, headers }: Upstream): Record<string, string> {
  if (key === "") return { ...headers };
  return preset === "azure" ? { ...headers, "api-key": key } : { ...headers, authorization: `Bearer ${key}` };
}

const post = (upstream: Upstream, path: string, body: string | Uint8Array): UpstreamRequest => {
  const headers = headersOf(upstream);
  headers["content-type"] = "application/json";
  return { method: "POST", url: addressOf(upstream, path), headers, body };
};

/** What OpenAI, and those who speak like it, put into an error; some send `{message}`, `{detail}` or a bare text. */
function errorIn(value: JsonRecord): UpstreamError | null {
  const error = isRecord(value.error) ? value.error : value;
  const message = textOf(error.message) || textOf(value.error) || textOf(value.detail) || textOf(value.message);
  if (message === "") return null;
  const code = typeof error.code === "number" ? String(error.code) : textOf(error.code);
  // OpenRouter says what its own provider said.
  const raw = textOf(recordOf(error.metadata).raw);
  return {
    message: raw ? `${message}: ${raw.slice(0, 500)}` : message,
    type: textOf(error.type) || null,
    code: code || null,
  };
}

function readError(status: number, body: Buffer): UpstreamError {
  const value = parseJson(body.toString());
  const first = Array.isArray(value) ? value[0] : value;
  return (isRecord(first) ? errorIn(first) : null) ?? plainError(status, body);
}

/** Throws `UpstreamStreamError` for a 200 that holds an error instead of an answer. */
function answerIn(body: Uint8Array, field: "choices" | "data"): JsonRecord {
  const value = parseAnswer(body, LABEL);
  if (Array.isArray(value[field])) return value;
  throw new UpstreamStreamError(
    errorIn(value) ?? {
      message: `${LABEL} answered with JSON that has no \`${field}\`.`,
      type: "invalid_response",
      code: null,
    },
  );
}

function readEvent({ event, value: given }: StreamEvent): ChatChunk[] {
  const value = objectIn(given, LABEL);
  if (Array.isArray(value.choices)) return [wholeChunk(value)];
  if (!isRecord(value.error) && event !== "error") return [];
  throw new UpstreamStreamError(
    errorIn(value) ?? { message: "The provider reported an error without words.", type: null, code: null },
  );
}
function chunkReader(): ChunkReader {
  const place = createCallPlaces();
  return { read: (event) => readEvent(event).map(place), end: () => [] };
}

/** A request in the hub's shape is this provider's own; a stream is asked for its usage, so that it can be priced. */
function chatBody(upstream: Upstream, request: ChatRequest): string {
  const { stream_options: options, ...rest } = request;
  const isAsked = request.stream === true && upstream.hasStreamUsage;
  const streamOptions = isAsked ? { ...options, include_usage: true } : options;
  return JSON.stringify({ ...rest, model: upstream.model, ...(streamOptions && { stream_options: streamOptions }) });
}

/** Any server that speaks OpenAI's wire format. */
export const openAiCompatible: Provider = {
  id: "openai-compatible",
  label: "OpenAI-compatible",
  wire: "openai",
  passThrough: { request: post, chunkReader },
  async chatRequest(upstream, request) {
    const { request: fitted, warnings } = fitOpenAi(request, upstream.preset);
    return { ...post(upstream, "/chat/completions", chatBody(upstream, fitted)), warnings };
  },
  readChat: (body) => wholeResponse(answerIn(body, "choices")),
  streamReader: () => readBytes(chunkReader()),
  async embeddingRequest(upstream, request) {
    return post(upstream, "/embeddings", JSON.stringify({ ...request, model: upstream.model }));
  },
  readEmbeddings: (body) => answerIn(body, "data") as EmbeddingResponse,
  async modelsRequest(upstream) {
    return { method: "GET", url: addressOf(upstream, "/models"), headers: headersOf(upstream), body: "" };
  },
  readModels(body) {
    const value = parseJson(body.toString());
    const models = recordsOf(Array.isArray(value) ? value : (recordOf(value).data ?? recordOf(value).models));
    return models.flatMap((model) => textOf(model.id) || textOf(model.name) || []);
  },
  readError,
};
