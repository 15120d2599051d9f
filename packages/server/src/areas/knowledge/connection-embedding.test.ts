import { expect, test } from "vitest";
import type { Scope } from "../../kernel/scope.ts";
import { createConnectionEmbedding } from "./connection-embedding.ts";

const scope: Scope = { projectId: "proj_1", actor: "user_a", userId: "user_a", permissions: new Set() };
const signal = new AbortController().signal;

type Answer = { readonly status: number; readonly body: unknown };

/** A gateway that answers each request with `answer`, and the texts of each request. */
function embeddingOver(answer: (texts: readonly string[]) => Answer) {
  const requests: (readonly string[])[] = [];
  const gateway: Parameters<typeof createConnectionEmbedding>[0] = () => ({
    hasModel: async (_projectId, model) => model === "openai/embed",
    async embeddings({ body, sink }) {
      const texts = "input" in body && Array.isArray(body.input) ? body.input.map(String) : [];
      requests.push(texts);
      const { status, body: answered } = answer(texts);
      sink.head(status, {});
      sink.end(JSON.stringify(answered));
    },
  });
  return { embedding: createConnectionEmbedding(gateway), requests };
}

const vectorsOf = (texts: readonly string[]): Answer => ({
  status: 200,
  body: { data: texts.map((text, index) => ({ index, embedding: [text.length, 1] })).toReversed() },
});
const embed = ({ embedding }: ReturnType<typeof embeddingOver>, texts: readonly string[]) =>
  embedding.embed(scope, { model: "openai/embed", texts, purpose: "passage" }, signal);

test("vectors come back in the order of the texts, at most 32 texts per request", async () => {
  const over = embeddingOver(vectorsOf);
  const texts = Array.from({ length: 70 }, (_, index) => "x".repeat(index + 1));
  expect(await embed(over, texts)).toEqual(texts.map((text) => [text.length, 1]));
  expect(over.requests.map((request) => request.length)).toEqual([32, 32, 6]);
});

type Failure = { readonly answer: Answer; readonly code: string; readonly message: RegExp };

test.each<[string, Failure]>([
  [
    "a rate limit is temporary",
    { answer: { status: 429, body: { error: { message: "slow down" } } }, code: "unavailable", message: /slow down/ },
  ],
  [
    "a server error without JSON is temporary",
    { answer: { status: 502, body: "" }, code: "unavailable", message: /openai\/embed failed: status 502/ },
  ],
  [
    "a rejected request is final",
    { answer: { status: 400, body: { error: { message: "too long" } } }, code: "unprocessable", message: /too long/ },
  ],
  [
    "a missing vector is not usable",
    { answer: { status: 200, body: { data: [] } }, code: "provider_failed", message: /one vector per text/ },
  ],
  [
    "an answer of another shape is not usable",
    { answer: { status: 200, body: { choices: [] } }, code: "provider_failed", message: /Choose a model that embeds/ },
  ],
])("%s", async (_name, { answer, code, message }) => {
  const over = embeddingOver(() => answer);
  await expect(embed(over, ["text"])).rejects.toMatchObject({ code, message: expect.stringMatching(message) });
});

test("an unknown model is refused before anything is embedded", async () => {
  const { embedding } = embeddingOver(vectorsOf);
  await embedding.prepare(scope, "openai/embed");
  await expect(embedding.prepare(scope, "openai/other")).rejects.toMatchObject({
    code: "invalid_request",
    message: expect.stringContaining('no model "openai/other"'),
  });
});
