import {
  ChatRequest,
  CompletionRequest,
  EmbeddingRequest,
  MessagesRequest,
  ResponsesRequest,
  readShape,
} from "@treadle/contract";
import { expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import { formatOf } from "./formats/formats.ts";
import type { AnyRequest } from "./formats/hub/any-request.ts";
import type { ChatChunk, ChatResponse } from "./formats/hub/hub.ts";
import { wholeChunk, wholeResponse } from "./providers/openai/whole-choices.ts";
import type { Upstream } from "./providers/provider.ts";
import { findProvider } from "./resolve/find-provider.ts";
import { CHAT_ANSWER, CHAT_CHUNK } from "./testing/full-answers.ts";
import { FULL_REQUESTS } from "./testing/full-requests.ts";
import { createBreakage, oddVariants } from "./testing/odd-values.ts";

const upstream: Upstream = {
  baseUrl: "https://example.com/v1",
  preset: "",
  key: "k",
  model: "cohere.embed",
  region: "eu-west-1",
  apiVersion: null,
  accessKeyId: null,
  headers: {},
  hasStreamUsage: true,
};
const meta = { id: "span", model: "m", now: 1_764_031_234_567 };
const PROVIDERS = ["openai-compatible", "anthropic", "gemini", "bedrock"] as const;
const SHAPES = {
  chat: ChatRequest,
  completions: CompletionRequest,
  responses: ResponsesRequest,
  messages: MessagesRequest,
};
const answer: ChatResponse = wholeResponse(CHAT_ANSWER);
const chunk: ChatChunk = wholeChunk(CHAT_CHUNK);
const breakage = () => createBreakage((error) => error instanceof AppError);

test.each(["chat", "completions", "responses", "messages"] as const)(
  "a request for %s with anything in any place goes to every provider, or is refused in words",
  async (id) => {
    const { attempt, lines, tried } = breakage();
    const format = formatOf(id);
    expect(readShape(SHAPES[id], FULL_REQUESTS[id]).error).toBeUndefined();
    for (const variant of oddVariants(FULL_REQUESTS[id])) {
      const read = readShape(SHAPES[id], variant);
      if (!read.success) continue;
      const request = read.data as AnyRequest;
      await attempt("answered", variant, () => JSON.stringify(format.fromChat(answer, request)));
      await attempt("streamed", variant, () => {
        const writer = format.streamWriter(request, meta);
        return writer.write(chunk) + writer.end();
      });
      const hub = await attempt("understood", variant, () => format.toChat(request));
      if (hub)
        for (const provider of PROVIDERS)
          await attempt(`for ${provider}`, variant, () => findProvider(provider).chatRequest(upstream, hub));
    }
    expect(lines()).toEqual([]);
    expect(tried()).toBeGreaterThan(200);
  },
);

test("an embedding request with any value in any field goes to every provider, or is rejected with a message", async () => {
  const { attempt, lines, tried } = breakage();
  const full = { model: "m", input: ["a", "b"], dimensions: 5, encoding_format: "float", user: "u", more: [{}] };
  for (const variant of oddVariants(full)) {
    const read = readShape(EmbeddingRequest, variant);
    if (!read.success) continue;
    for (const id of PROVIDERS)
      await attempt(`for ${id}`, variant, () => findProvider(id).embeddingRequest?.(upstream, read.data));
  }
  expect(lines()).toEqual([]);
  expect(tried()).toBeGreaterThan(100);
});
