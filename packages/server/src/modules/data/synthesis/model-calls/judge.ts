import type { SynthesisInput } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import { readJson } from "../../../../kernel/read-json.ts";
import type { Ask, NotAnswered } from "./ask-model.ts";
import { type Content, inputText } from "./fit-item.ts";

type Judge = NonNullable<SynthesisInput["judge"]>;
export type Judgement = { readonly kind: "judged"; readonly score: number; readonly reason: string };
export type Unjudged = { readonly kind: "unreadable"; readonly text: string };

const SCORE_SCHEMA = {
  type: "object",
  properties: { reason: { type: "string", maxLength: 400 }, score: { type: "integer", minimum: 1, maximum: 10 } },
  required: ["reason", "score"],
};
const BETTER_SCHEMA = {
  type: "object",
  properties: { reason: { type: "string", maxLength: 400 }, better: { enum: ["A", "B"] } },
  required: ["reason", "better"],
};

/** How good an item is, from 1 to 10. */
export async function judgeItem(
  ask: Ask,
  judge: Judge,
  { inputs, expected }: Content,
): Promise<Judgement | Unjudged | NotAnswered> {
  const asked = await ask({
    model: judge.model,
    temperature: 0,
    schema: SCORE_SCHEMA,
    messages: [
      {
        role: "system",
        content: [
          "You judge items of a dataset for training and testing language models. A good item is clear, can be answered, is correct, natural and useful; its expected answer, if there is one, is right and complete.",
          judge.criteria,
          'Reply with JSON only: {"reason": "one short sentence", "score": N}, where N is from 1 (useless) to 10 (excellent).',
        ]
          .filter(Boolean)
          .join("\n"),
      },
      { role: "user", content: JSON.stringify(expected === null ? { inputs } : { inputs, expected }, null, 1) },
    ],
  });
  if (asked.kind !== "answer") return asked;
  return readScore(asked.text) ?? { kind: "unreadable", text: asked.text };
}

/** The score in a judge's response: as JSON, or else the first number after the word, or before `/10`. */
export function readScore(said: string): Judgement | null {
  const [value] = readJson(said).filter(isRecord);
  const told = value?.score ?? value?.rating ?? /(?:score|rating)\D{0,12}(\d+(?:\.\d+)?)/i.exec(said)?.[1];
  const score = Number(told ?? /(\d+(?:\.\d+)?)\s*\/\s*10\b/.exec(said)?.[1] ?? Number.NaN);
  if (!Number.isFinite(score) || score < 0 || score > 10) return null;
  const reason = typeof value?.reason === "string" ? value.reason : "";
  return { kind: "judged", score, reason };
}

type Answers = { readonly inputs: Content["inputs"]; readonly first: string; readonly second: string };
export type Better = { readonly kind: "better"; readonly better: "first" | "second" | null; readonly reason: string };

/**
 * The better of two answers. The judge is called in both orders, since judges prefer the first answer. Null if the two
 * disagree.
 */
export async function judgePair(ask: Ask, judge: Judge, answers: Answers): Promise<Better | Unjudged | NotAnswered> {
  const { inputs, first, second } = answers;
  const [there, back] = await Promise.all([
    askBetter(ask, judge, { inputs, first, second }),
    askBetter(ask, judge, { inputs, first: second, second: first }),
  ]);
  if (there.kind !== "better") return there;
  if (back.kind !== "better") return back;
  return there.better === back.better ? { ...there, better: null } : there;
}

async function askBetter(ask: Ask, judge: Judge, { inputs, first, second }: Answers) {
  const asked = await ask({
    model: judge.model,
    temperature: 0,
    schema: BETTER_SCHEMA,
    messages: [
      {
        role: "system",
        content: [
          "You compare two answers to the same input. The better one is correct, complete, helpful, clear and no longer than it needs to be.",
          judge.criteria,
          'Reply with JSON only: {"reason": "one short sentence", "better": "A"} or {"reason": "one short sentence", "better": "B"}.',
        ]
          .filter(Boolean)
          .join("\n"),
      },
      { role: "user", content: `Input:\n${inputText(inputs)}\n\nAnswer A:\n${first}\n\nAnswer B:\n${second}` },
    ],
  });
  if (asked.kind !== "answer") return asked;
  const [value] = readJson(asked.text).filter(isRecord);
  const letter = String(
    value?.better ?? /\b(?:better|best|winner|answer)\W+(?:is\W+)?([AB])\b/i.exec(asked.text)?.[1] ?? "",
  );
  const better = { A: "first", B: "second" }[letter.trim().toUpperCase()];
  if (better !== "first" && better !== "second") return { kind: "unreadable" as const, text: asked.text };
  const reason = typeof value?.reason === "string" ? value.reason : "";
  return { kind: "better" as const, better: better === "first" ? ("first" as const) : ("second" as const), reason };
}
