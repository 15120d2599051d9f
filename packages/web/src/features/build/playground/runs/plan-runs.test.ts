import { expect, test } from "vitest";
import { initialState, newMessage, type PlaygroundState } from "../state/playground-state.ts";
import type { Row } from "../state/row-inputs.ts";
import { totalsOf } from "./column-totals.ts";
import { inputFields, mappingOf, planRun } from "./plan-runs.ts";
import { EMPTY_RUN } from "./run-chat.ts";

const row = (inputs: Row["inputs"]): Row => ({
  itemId: "i1",
  inputs,
  expected: "yes",
  metadata: { topic: "loom" },
  source: { kind: "manual" },
  split: null,
  position: 0,
  rowHash: "h",
});
const stateWith = (content: string, extra: Partial<PlaygroundState> = {}): PlaygroundState => ({
  ...initialState(["m"]),
  messages: [newMessage("user", content)],
  ...extra,
});
const rows = { datasetId: "d", at: "1", count: 10, atOnce: 4, mapping: {} };
const first = (state: PlaygroundState) => {
  const [column] = state.columns;
  if (!column) throw new Error("no column");
  return column;
};

test("each input comes from the field with its name, from the only field, or from the chosen field", () => {
  const named = { rows: [row({ question: "Q", more: 1 })], versionOf: () => undefined };
  const state = stateWith("{{question}} of {{topic}} and {{none}}", { rows });
  expect(mappingOf({ ...named, state })).toEqual({ question: "inputs.question", topic: "metadata.topic", none: "" });
  const alone = { rows: [row({ text: "Q" })], versionOf: () => undefined, state: stateWith("{{ask}}", { rows }) };
  expect(mappingOf(alone)).toEqual({ ask: "inputs.text" });
  const chosen = stateWith("{{ask}}", { rows: { ...rows, mapping: { ask: "expected" } } });
  expect(planRun({ ...alone, state: chosen }, first(chosen), row({ text: "Q" })).inputs).toEqual({ ask: "yes" });
});

test("the messages of a row are sent behind the prompt's, unless an input takes them", () => {
  const messages = [{ role: "user", content: "Hi" }];
  const item = row({ messages });
  const state = stateWith("Be kind.", { rows });
  const plan = { rows: [item], versionOf: () => undefined, state };
  expect(planRun(plan, first(state), item)).toMatchObject({ inputs: {}, conversation: messages });
  const bound = stateWith("{{messages}}", { rows });
  expect(planRun({ ...plan, state: bound }, first(bound), item).conversation).toEqual([]);
});

test("a newer answer is distinguished from an answer to an older state", () => {
  const plan = { rows: [], versionOf: () => undefined };
  const state = stateWith("Hello {{name}}", { inputs: { name: "Ada" } });
  const now = planRun({ ...plan, state }, first(state)).askedOf;
  expect(inputFields({ ...plan, state }).map(({ name }) => name)).toEqual(["name"]);
  expect(planRun({ ...plan, state: { ...state, isDiff: true } }, first(state)).askedOf).toBe(now);
  expect(planRun({ ...plan, state: { ...state, inputs: { name: "Bo" } } }, first(state)).askedOf).not.toBe(now);
  expect(planRun({ ...plan, state }, { ...first(state), model: "other" }).askedOf).not.toBe(now);
});

test("the sums of a column hold what is done, and say what has no price", () => {
  const done = { ...EMPTY_RUN, state: "done" as const, inputTokens: 10, outputTokens: 5 };
  const runs = [
    { ...done, costUsd: 0.25, durationMs: 100, problems: [] },
    { ...done, costUsd: 0.5, durationMs: 300, problems: ["wrong"] },
    { ...done, costUsd: null, durationMs: 900 },
    { ...EMPTY_RUN, state: "failed" as const },
    EMPTY_RUN,
    undefined,
  ];
  expect(totalsOf(runs)).toEqual({
    done: 3,
    failed: 1,
    checked: 2,
    invalid: 1,
    costUsd: 0.75,
    unpriced: 1,
    inputTokens: 30,
    outputTokens: 15,
    medianMs: 300,
  });
  expect(totalsOf([])).toMatchObject({ costUsd: null, medianMs: null, done: 0 });
});
