import type { AnnotationItemsInput, AnnotationQuestion, CustomItem } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { checkAnswers } from "../answers/check-answers.ts";
import { whyNothingToAsk } from "../queues/questions.ts";
import { type Arriving, sourceOf } from "./incoming.ts";

type Input = Extract<AnnotationItemsInput, { from: "custom" }>;

const wrong = (field: string, why: string) =>
  new AppError("invalid_request", { message: `\`${field}\`: ${why}`, details: { field } });

/** Items that come with their content. Throws `invalid_request`, with its place, for one of which nothing can be asked. */
export function fromCustom(questions: readonly AnnotationQuestion[], { items }: Input): Arriving {
  for (const [at, item] of items.entries()) checkItem(questions, item, `items.${at}`);
  return {
    matching: null,
    items: items.map(({ key, content, priority, traceId, spanId, ...item }) => ({
      ...item,
      content,
      source: sourceOf({ type: "custom", key: `custom:${key}`, traceId, spanId }),
      priority: priority ?? null,
    })),
  };
}

function checkItem(questions: readonly AnnotationQuestion[], item: CustomItem, field: string): void {
  const { content, gold, suggestion } = item;
  checkNames(item, field);
  const nothing = whyNothingToAsk(questions, content);
  if (nothing !== null) throw wrong(`${field}.content`, `it fits no question: ${nothing}.`);
  const candidates = content.candidates.map(({ id }) => id);
  const within = (part: string, check: () => void) => {
    try {
      check();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      throw wrong(`${field}.${part}`, error.message);
    }
  };
  if (gold) within("gold", () => checkAnswers(questions, gold, { content, candidates }));
  if (suggestion)
    within("suggestion", () => checkAnswers(questions, suggestion.answers, { content, candidates, isPartial: true }));
}

function checkNames({ content }: CustomItem, field: string): void {
  const twice = (names: readonly string[]) => names.find((name, at) => names.indexOf(name) !== at);
  const key = twice(content.fields.map((one) => one.key));
  if (key !== undefined) throw wrong(`${field}.content.fields`, `there are two fields "${key}".`);
  const id = twice(content.candidates.map((one) => one.id));
  if (id !== undefined) throw wrong(`${field}.content.candidates`, `there are two candidates "${id}".`);
}
