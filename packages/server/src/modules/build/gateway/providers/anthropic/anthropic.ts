import { isRecord } from "../../../../../kernel/is-record.ts";
import { plainError } from "../../formats/hub/answers.ts";
import type { UpstreamError } from "../../formats/hub/hub.ts";
import { numberOf, parseJson, recordOf, recordsOf, textOf } from "../../formats/hub/json.ts";
import { readBytes } from "../../formats/hub/read-bytes.ts";
import type { Provider, Upstream, UpstreamRequest } from "../provider.ts";
import { toAnthropicBody } from "./request.ts";
import { readAnthropicMessage } from "./response.ts";
import { anthropicChunkReader } from "./stream.ts";

const VERSION = "2023-06-01";

/** Users write the base URL with or without `/v1`. */
const addressOf = (upstream: Upstream, path: string) =>
  `${upstream.baseUrl.replace(/\/+$/, "").replace(/\/v1$/, "")}/v1/${path}`;

const headersOf = (upstream: Upstream) => ({
  "anthropic-version": upstream.apiVersion ?? VERSION,
  ...(upstream.key !== "" && { "x-api-key": upstream.key }),
  ...upstream.headers,
});

const post = (upstream: Upstream, path: string, body: unknown): UpstreamRequest => ({
  method: "POST",
  url: addressOf(upstream, path),
  headers: { ...headersOf(upstream), "content-type": "application/json" },
  body: JSON.stringify(body),
});

function readError(status: number, body: Uint8Array): UpstreamError {
  const value = parseJson(Buffer.from(body).toString());
  const error = recordOf(recordOf(value).error);
  if (!isRecord(value) || textOf(error.message) === "") return plainError(status, body);
  return { message: textOf(error.message), type: textOf(error.type) || null, code: null };
}

/** Anthropic's Messages API. */
export const anthropic: Provider = {
  id: "anthropic",
  label: "Anthropic",
  family: "anthropic",
  passThrough: {
    request: (upstream, path, bytes) => ({
      method: "POST",
      url: addressOf(upstream, path.replace(/^\/+/, "")),
      headers: { ...headersOf(upstream), "content-type": "application/json" },
      body: bytes,
    }),
    chunkReader: anthropicChunkReader,
  },
  async chatRequest(upstream, request) {
    const { body, warnings } = toAnthropicBody(upstream.model, request);
    return { ...post(upstream, "messages", body), warnings };
  },
  readChat: readAnthropicMessage,
  streamReader: (asked) => readBytes(anthropicChunkReader(asked)),
  async countTokensRequest(upstream, body) {
    return post(upstream, "messages/count_tokens", { ...body, model: upstream.model });
  },
  readTokenCount: (body) => numberOf(recordOf(parseJson(body.toString())).input_tokens) ?? null,
  async modelsRequest(upstream) {
    return {
      method: "GET",
      url: `${addressOf(upstream, "models")}?limit=1000`,
      headers: headersOf(upstream),
      body: "",
    };
  },
  readModels: (body) => recordsOf(recordOf(parseJson(body.toString())).data).flatMap((model) => textOf(model.id) || []),
  readError,
};
