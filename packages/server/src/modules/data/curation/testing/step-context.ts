import type { Item } from "@treadle/contract";
import type { z } from "zod";
import type { EvaluationSet, Step, StepContext, StepTools, Verdict } from "../step/step.ts";

type Given = {
  readonly items: readonly Item[];
  readonly embed?: StepTools["embed"];
  readonly sets?: readonly EvaluationSet[];
  readonly signal?: AbortSignal;
  /** Takes the sentences that the step adds to its result. */
  readonly notes?: string[];
};

/** The test context of a step over all items. Services that were not provided fail when they are used. */
export function createStepContext({
  items,
  embed,
  sets = [],
  notes = [],
  signal = new AbortController().signal,
}: Given): StepContext {
  const missing = () => Promise.reject(new Error("the test gave no such tool"));
  return {
    signal,
    secret: new Uint8Array(32),
    rows: items.length,
    tools: {
      judge: missing,
      embed: embed ?? missing,
      countTokens: missing,
      evaluationSets: async () => sets,
    },
    async *read() {
      yield* items;
    },
    progress: () => undefined,
    note: (sentence) => void notes.push(sentence),
  };
}

/** All verdicts of a step, with its parameters read as they are from a caller. */
export async function runStep<Params extends z.ZodType>(step: Step<Params>, given: Given, params: unknown = {}) {
  const verdicts: Verdict[] = [];
  for await (const verdict of step.run(createStepContext(given), step.params.parse(params))) verdicts.push(verdict);
  return verdicts;
}

/** An item that asks something in a field; the rest as wanted. */
export const asking = (itemId: string, question: string, more: Partial<Item> = {}): Item => ({
  itemId,
  inputs: { question },
  expected: null,
  metadata: {},
  source: { kind: "manual" },
  split: null,
  ...more,
});

/** A text of so many words that no other seed has. */
export const textOfWords = (seed: number, length: number): string =>
  Array.from({ length }, (_, index) => `w${seed}x${index}`).join(" ");
