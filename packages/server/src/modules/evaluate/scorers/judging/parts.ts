import type { ScorerSample } from "@treadle/contract";
import { expectedTexts, questionOf } from "../scoring/read-sample.ts";
import type { Part } from "./ask-judge.ts";

/** The user's request and the answer, with its tool calls. */
export function questionAndAnswer(sample: ScorerSample): Part[] {
  const calls = sample.toolCalls ?? [];
  return [
    { name: "QUESTION", text: questionOf(sample) },
    { name: "ANSWER", text: sample.output },
    ...(calls.length > 0 ? [{ name: "TOOL CALLS", text: JSON.stringify(calls, null, 1) }] : []),
  ];
}

/** The expected answer for a judge: texts unchanged, other values as JSON. Empty if there is none. */
export function referenceOf(sample: ScorerSample): string {
  const expected = expectedTexts(sample);
  if ("texts" in expected) return expected.texts.join("\n--- or ---\n");
  return sample.expected === null || sample.expected === undefined ? "" : JSON.stringify(sample.expected, null, 1);
}

/** Documents with their numbers, which count from 1. */
export const documentPart = (documents: readonly string[]): Part => ({
  name: "DOCUMENTS",
  text: documents.map((text, at) => `[${at + 1}] ${text}`).join("\n\n"),
});
