import type { ChatRequest } from "@treadle/contract";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { objectIn, parseAnswer, plainError } from "../../formats/hub/answers.ts";
import {
  type ChatChunk,
  type ChunkReader,
  type EmbeddingResponse,
  type StreamEvent,
  type UpstreamError,
  UpstreamStreamError,
} from "../../formats/hub/hub.ts";
import { type JsonRecord, parseJson, recordOf, recordsOf, textOf } from "../../formats/hub/json.ts";
import { readBytes } from "../../formats/hub/read-bytes.ts";
import type { Provider, Upstream, UpstreamRequest } from "../provider.ts";
import { createCallIndexes } from "./call-indexes.ts";
import { fitOpenAi } from "./fit-request.ts";
import { wholeChunk, wholeResponse } from "./whole-choices.ts";

const LABEL = "The provider";

/**
 * With an API version, Azure has the name of the deployment in the path. Without one, it has OpenAI's own paths after
 * `/openai/v1`. Everywhere else the path follows the base URL.
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

/** The error of OpenAI and compatible servers. Some send `{message}`, `{detail}` or a bare text. */
function errorIn(value: JsonRecord): UpstreamError | null {
  const error = isRecord(value.error) ? value.error : value;
  const message = textOf(error.message) || textOf(value.error) || textOf(value.detail) || textOf(value.message);
  if (message === "") return null;
  const code = typeof error.code === "number" ? String(error.code) : textOf(error.code);
  // OpenRouter includes the error of the provider behind it.
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

/** Throws `UpstreamStreamError` for a 200 that contains an error instead of an answer. */
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
    errorIn(value) ?? { message: "The provider reported an error without a message.", type: null, code: null },
  );
}
function chunkReader(): ChunkReader {
  const withIndexes = createCallIndexes();
  return { read: (event) => readEvent(event).map(withIndexes), end: () => [] };
}

/** The hub's shape is this provider's own format. Usage is requested for a stream, so that it can be priced. */
function chatBody(upstream: Upstream, request: ChatRequest): string {
  const { stream_options: options, ...rest } = request;
  const isAsked = request.stream === true && upstream.hasStreamUsage;
  const streamOptions = isAsked ? { ...options, include_usage: true } : options;
  return JSON.stringify({ ...rest, model: upstream.model, ...(streamOptions && { stream_options: streamOptions }) });
}

/** Any server that speaks OpenAI's format. */
export const openAiCompatible: Provider = {
  id: "openai-compatible",
  label: "OpenAI-compatible",
  family: "openai",
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
