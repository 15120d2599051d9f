import type { ScorerSample } from "@treadle/contract";
import { expectedTexts, questionOf } from "../read-sample.ts";
import type { Part } from "./ask-judge.ts";

/** What the user asked for, and what came of it; with the calls of tools that the answer made. */
export function questionAndAnswer(sample: ScorerSample): Part[] {
  const calls = sample.toolCalls ?? [];
  return [
    { name: "QUESTION", text: questionOf(sample) },
    { name: "ANSWER", text: sample.output },
    ...(calls.length > 0 ? [{ name: "TOOL CALLS", text: JSON.stringify(calls, null, 1) }] : []),
  ];
}

/** The expected answer for a judge to read: texts as they are, anything else as JSON. Empty when there is none. */
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
