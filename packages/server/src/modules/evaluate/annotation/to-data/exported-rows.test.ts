import { DataRules, type DataShape, type ItemShape } from "@treadle/contract";
import { expect, test } from "vitest";
import { SHAPES } from "../../../data/datasets/index.ts";
import { createDropped } from "../evidence/dropped.ts";
import type { AnswerEvidence, Message } from "../evidence/evidence.ts";
import { buildRows } from "./build-rows.ts";

const messagesOf = (content: string, role = "assistant"): Message[] => [{ role, content }];
const answer = (place: number, more: Partial<AnswerEvidence>): AnswerEvidence => ({
  prompt: [...messagesOf("Be brief.", "system"), ...messagesOf(`Question ${place}?`, "user")],
  tools: null,
  scaled: null,
  answer: messagesOf(`A weak answer ${place}.`),
  correction: null,
  isGood: null,
  rating: null,
  origin: {
    sourceIds: [`s${place}`],
    annotators: ["a"],
    guidelineVersion: 1,
    isGuidelineCurrent: true,
    consent: true,
    createdAt: "2026-11-01T00:00:00.000Z",
    traceId: null,
    spanId: null,
    model: "m",
  },
  ...more,
});
const ANSWERS = [
  answer(1, { correction: messagesOf("A much better answer, with reasons.") }),
  answer(2, { isGood: true }),
  answer(2, { answer: messagesOf("Something else altogether."), isGood: false }),
];

/** Rows as a file of the shape has them. */
function exportRows(shape: DataShape, as: ItemShape) {
  const rows = buildRows({ answers: ANSWERS, pairs: [], shape, dropped: createDropped(), rules: DataRules.parse({}) });
  const writer = SHAPES.find(({ id }) => id === as);
  if (!writer) throw new Error(`There is no shape ${as}.`);
  return rows.map((row) => writer.write({ ...row, ownId: row.itemId }));
}
const isMessages = (value: unknown) =>
  Array.isArray(value) &&
  value.length > 0 &&
  value.every(({ role, content }) => typeof role === "string" && typeof content === "string");

/**
 * The formats that trl reads: prompt and completion for fine-tuning, preferences with a prompt, one answer with a
 * label, and a margin.
 */
test.each([
  ["sft", "openai-chat", { messages: isMessages }],
  ["sft", "prompt-completion", { prompt: isMessages, completion: isMessages }],
  ["dpo", "trl-preference", { prompt: isMessages, chosen: isMessages, rejected: isMessages }],
  [
    "reward",
    "trl-preference",
    { prompt: isMessages, chosen: isMessages, rejected: isMessages, margin: Number.isFinite },
  ],
  ["kto", "kto", { prompt: isMessages, completion: isMessages, label: (value: unknown) => typeof value === "boolean" }],
] as const)("rows for %s in a file of the shape %s have the columns that trl reads", (shape, as, columns) => {
  const rows = exportRows(shape, as);
  expect(rows.length).toBeGreaterThan(1);
  for (const row of rows)
    for (const [column, holds] of Object.entries(columns)) expect([column, holds(row[column])]).toEqual([column, true]);
});
