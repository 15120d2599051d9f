import type { DataRules, DataShape } from "@treadle/contract";
import type { Dropped, Reason } from "../evidence/dropped.ts";
import type { JudgedAnswer, Message } from "../evidence/evidence.ts";
import { changesEnough } from "../preferences/pair-answers.ts";
import { type Draft, inputsOf } from "./draft-row.ts";

type Making = { readonly shape: DataShape; readonly rules: DataRules; readonly dropped: Dropped };

/** The rows that one answer makes; none, and the reason is counted, where it makes none. */
export function rowOfAnswer(answer: JudgedAnswer, { shape, rules, dropped }: Making): Draft[] {
  const rows = shape === "kto" ? labelled(answer, rules) : wanted(answer, shape, rules);
  if (typeof rows !== "string") return rows;
  dropped.add(rows, answer.origin.sourceIds);
  return [];
}

/** The message that a model should write: the correction, or the answer that was approved. */
function wanted(answer: JudgedAnswer, shape: DataShape, rules: DataRules): Draft[] | Reason {
  const { origin, agreement } = answer;
  const [inputs, beside] = [inputsOf(answer), { agreement, origin }];
  const [given] = answer.expected;
  if (shape === "evaluation" && given !== undefined) return [{ inputs, expected: given, kind: "expected", ...beside }];
  const correction = answer.corrections.find((one) => changesEnough(answer.answer, one, rules.minChange));
  const asExpected = (messages: readonly Message[]) => messages.at(-1) ?? null;
  if (correction)
    return [{ inputs: withTurns(inputs, correction), expected: asExpected(correction), kind: "correction", ...beside }];
  const verdict = verdictOn(answer, rules);
  if (verdict === true)
    return [
      { inputs: withTurns(inputs, answer.answer), expected: asExpected(answer.answer), kind: "approved", ...beside },
    ];
  if (answer.corrections.length > 0) return "unchanged";
  return verdict === false || verdict === null ? "unapproved" : verdict;
}

/** Content before an answer's last message, such as tool calls, is input: only the last message is learned. */
const withTurns = (inputs: Draft["inputs"], answer: readonly Message[]): Draft["inputs"] =>
  answer.length < 2 || !Array.isArray(inputs.messages)
    ? inputs
    : { ...inputs, messages: [...inputs.messages, ...answer.slice(0, -1)] };

/** A label for the answer, and for its correction the other one. */
function labelled(answer: JudgedAnswer, rules: DataRules): Draft[] | Reason {
  const { origin, agreement } = answer;
  const rowOf = (completion: readonly Message[], label: boolean, kind: string): Draft => {
    return { inputs: inputsOf(answer), expected: { completion, label }, kind, agreement, origin };
  };
  const corrections = answer.corrections.filter((one) => changesEnough(answer.answer, one, rules.minChange));
  if (corrections.length > 0)
    return [
      rowOf(answer.answer, false, "corrected"),
      ...corrections.map((correction) => rowOf(correction, true, "correction")),
    ];
  const verdict = verdictOn(answer, rules);
  if (typeof verdict === "boolean")
    return [rowOf(answer.answer, verdict, answer.isGood === null ? "rating" : "thumbs")];
  return verdict ?? "unjudged";
}

/** Whether people find the answer good; a reason where they do not say clearly, null where they say nothing. */
function verdictOn({ isGood, agreement, rating }: JudgedAnswer, rules: DataRules): boolean | Reason | null {
  if (agreement !== null) return isGood === null || agreement < rules.minAgreement ? "divided" : isGood;
  if (rating === null) return null;
  if (rating >= rules.minRating) return true;
  return rating <= 1 - rules.minRating ? false : "middling";
}
