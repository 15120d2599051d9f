import type { ScorerSample } from "@treadle/contract";
import { expect, test } from "vitest";
import type { ResultRow } from "../stores/result-store.ts";
import { readLiveSample, storeLiveSample } from "./live-sample.ts";

const PLACE = { traceId: "t".repeat(32), spanId: "s".repeat(16) };
const MESSAGES = [{ role: "user", content: "Where?" }];
const SAMPLE: ScorerSample = {
  input: MESSAGES,
  messages: MESSAGES,
  output: "In Rome.",
  expected: null,
  toolCalls: [],
  metadata: {},
  latencyMs: 120,
  costUsd: null,
  inputTokens: 3,
  outputTokens: 2,
};

/** The sample after a way through the database. */
function stored(sample: ScorerSample): ScorerSample {
  const answer = JSON.parse(JSON.stringify(storeLiveSample(sample, PLACE)));
  return readLiveSample({ inputs: answer.inputs, metadata: answer.metadata }, answer as ResultRow);
}

test.each<[string, Partial<ScorerSample>]>([
  ["chat messages", {}],
  ["another input with its messages", { input: { messages: MESSAGES, temperature: 0 } }],
  ["no input", { input: null, messages: undefined }],
  ["documents and tool calls", { documents: ["A", "B"], toolCalls: [{ name: "find", arguments: { place: "Rome" } }] }],
  ["a retrieval without documents", { documents: [], metadata: { documents: ["not these"] } }],
  ["a model", { model: "gpt", metadata: { plan: "pro" } }],
  ["a model next to metadata of this name", { model: "gpt", metadata: { model: "mine" } }],
  ["metadata with the name of the model", { model: "gpt", metadata: { model: "gpt" } }],
  ["metadata named model without a model", { metadata: { model: "mine" } }],
])("a live sample with %s is read as it was stored", (_name, more) => {
  expect(stored({ ...SAMPLE, ...more })).toEqual({ ...SAMPLE, ...more });
});

test("a run can be sliced by model", () => {
  expect(storeLiveSample({ ...SAMPLE, model: "gpt" }, PLACE).metadata).toEqual({ model: "gpt" });
  expect(storeLiveSample({ ...SAMPLE, model: "gpt", metadata: { model: "mine" } }, PLACE).metadata).toEqual({
    model: "mine",
  });
});
