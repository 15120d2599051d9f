import type { EmbeddingRequest } from "@treadle/contract";
import { AppError } from "../../../../../kernel/errors.ts";
import { isRecord } from "../../../../../kernel/is-record.ts";
import { brokenAnswer, parseAnswer, plainError } from "../../formats/hub/answers.ts";
import { embeddingsOf, readTexts } from "../../formats/hub/embeddings.ts";
import type { EmbeddingResponse, UpstreamError } from "../../formats/hub/hub.ts";
import { compact, countOf, listOf, numberOf, parseJson, recordOf, recordsOf, textOf } from "../../formats/hub/json.ts";
import { messagesToChat } from "../../formats/messages/request.ts";
import type { Provider, Upstream, UpstreamRequest } from "../provider.ts";
import { toGeminiBody } from "./request.ts";
import { readGeminiResponse, throwGeminiError } from "./response.ts";
import { geminiStreamReader } from "./stream.ts";

const MAX_TEXTS = 100;

/** Users write the base URL with or without its version. */
function addressOf(upstream: Upstream, path: string): string {
  const base = upstream.baseUrl.replace(/\/+$/, "");
  return `${/\/v\d+(beta|alpha)?\d*(\/|$)/.test(base) ? base : `${base}/v1beta`}/${path}`;
}

/** A model's resource name: `models/gemini-…`, or a tuned model's as it is. */
const resourceOf = (model: string) =>
  (model.includes("/") ? model : `models/${model}`).split("/").map(encodeURIComponent).join("/");

const headersOf = (upstream: Upstream) => ({
  ...(upstream.key !== "" && { "x-goog-api-key": upstream.key }),
  ...upstream.headers,
});

const post = (upstream: Upstream, verb: string, body: unknown): UpstreamRequest => ({
  method: "POST",
  url: addressOf(upstream, `${resourceOf(upstream.model)}:${verb}`),
  headers: { ...headersOf(upstream), "content-type": "application/json" },
  body: JSON.stringify(body),
});

function readError(status: number, body: Uint8Array): UpstreamError {
  const value = parseJson(Buffer.from(body).toString());
  const error = recordOf(recordOf(Array.isArray(value) ? value[0] : value).error);
  if (textOf(error.message) === "") return plainError(status, body);
  const reason = recordsOf(error.details)
    .map((detail) => textOf(detail.reason))
    .find((text) => text !== "");
  return { message: textOf(error.message), type: textOf(error.status) || null, code: reason ?? null };
}

function embeddingBody(upstream: Upstream, request: EmbeddingRequest) {
  const texts = readTexts(request);
  if (texts.length > MAX_TEXTS) {
    throw new AppError("unprocessable", {
      message: `\`input\` holds ${texts.length} texts, but Gemini embeds at most ${MAX_TEXTS} a request.`,
      details: { param: "input" },
    });
  }
  const model = upstream.model.includes("/") ? upstream.model : `models/${upstream.model}`;
  const outputDimensionality = request.dimensions ?? undefined;
  return { requests: texts.map((text) => compact({ model, content: { parts: [{ text }] }, outputDimensionality })) };
}

/** Gemini does not always report an embedding's tokens. 0 then means *unknown*. */
function readEmbeddings(body: Buffer, asked: { model: string; request: EmbeddingRequest }): EmbeddingResponse {
  const answer = parseAnswer(body, "Gemini");
  throwGeminiError(answer);
  if (!Array.isArray(answer.embeddings)) throw brokenAnswer("Gemini's answer has no `embeddings`.");
  const vectors = recordsOf(answer.embeddings).map((embedding) =>
    listOf(embedding.values).map((value) => numberOf(value) ?? 0),
  );
  return embeddingsOf(asked.request, {
    model: asked.model,
    vectors,
    tokens: countOf(recordOf(answer.usageMetadata).promptTokenCount),
  });
}

/** Google's Gemini API. */
export const gemini: Provider = {
  id: "gemini",
  label: "Google Gemini",
  family: "other",
  async chatRequest(upstream, request) {
    const { body, warnings } = toGeminiBody(upstream.model, request);
    const verb = request.stream === true ? "streamGenerateContent?alt=sse" : "generateContent";
    return { ...post(upstream, verb, body), warnings };
  },
  readChat: readGeminiResponse,
  streamReader: geminiStreamReader,
  async embeddingRequest(upstream, request) {
    return post(upstream, "batchEmbedContents", embeddingBody(upstream, request));
  },
  readEmbeddings,
  async countTokensRequest(upstream, body) {
    const messages = Array.isArray(body.messages)
      ? body.messages.filter(isRecord).map((message) => ({ ...message, role: textOf(message.role) }))
      : [];
    const request = messagesToChat({ ...body, model: upstream.model, messages, max_tokens: 1 });
    const { systemInstruction, contents, tools } = toGeminiBody(upstream.model, request).body;
    const model = upstream.model.includes("/") ? upstream.model : `models/${upstream.model}`;
    return post(upstream, "countTokens", {
      generateContentRequest: compact({ model, systemInstruction, contents, tools }),
    });
  },
  readTokenCount: (body) => numberOf(recordOf(parseJson(body.toString())).totalTokens) ?? null,
  async modelsRequest(upstream) {
    return { method: "GET", url: addressOf(upstream, "models?pageSize=1000"), headers: headersOf(upstream), body: "" };
  },
  readModels(body) {
    const canAnswer = (methods: readonly unknown[]) =>
      methods.length === 0 || methods.some((name) => name === "generateContent" || name === "embedContent");
    return recordsOf(recordOf(parseJson(body.toString())).models)
      .filter((model) => canAnswer(listOf(model.supportedGenerationMethods)))
      .flatMap((model) => textOf(model.name).replace(/^models\//, "") || []);
  },
  readError,
};
