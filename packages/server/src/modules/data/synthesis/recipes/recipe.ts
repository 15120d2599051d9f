import type { Item, SynthesisInput, SynthesisLoss, SynthesisRecipe } from "@treadle/contract";
import type { Ask, NotAnswered } from "../model-calls/ask-model.ts";
import type { Content } from "../model-calls/fit-item.ts";

/** A new item, or the answer that an item of the draft lacks. */
export type Made = Content & {
  /** The ids of the seeds it was made from. */
  readonly of: readonly string[];
  /** Set for an answer to an item of the draft without one. */
  readonly fills: string | null;
  /** A judge's opinion, if the recipe itself requests it. */
  readonly reason?: string;
};
export type Lost = { readonly loss: SynthesisLoss; readonly text: string };

/** The result of one attempt. `halt` is set if a call was not made or failed. */
export type Trial = { readonly made: readonly Made[]; readonly lost: readonly Lost[]; readonly halt?: NotAnswered };

export type Try = {
  readonly ask: Ask;
  readonly input: SynthesisInput;
  readonly seeds: readonly Item[];
  /** The place of the try among all. */
  readonly number: number;
  /** How many items are still wanted. */
  readonly wanted: number;
  /** Whether the seeds are items of the draft that is worked on. */
  readonly isOwnDraft: boolean;
};

/** A way to make items. */
export type Recipe = {
  readonly id: SynthesisRecipe;
  /** The effect, as a part of a sentence. */
  readonly words: string;
  /** How many seeds a try gets. */
  readonly seeds: number;
  /** How many items a try makes at most. */
  readonly perTry: number;
  /** Whether every seed is worked on once, in their order; otherwise they are drawn over and over. */
  readonly isOncePerSeed: boolean;
  /** Whether it works without a seed if it has instructions. */
  readonly needsSeeds: boolean;
  /** The unique part of an item: the prompt, or all of it. */
  readonly distinct: "prompt" | "all";
  takes(item: Item, isOwnDraft: boolean): boolean;
  run(one: Try): Promise<Trial>;
};

export const halted = (halt: NotAnswered): Trial => ({ made: [], lost: [], halt });
export const lostTo = (loss: SynthesisLoss, text: string): Trial => ({ made: [], lost: [{ loss, text }] });

/** A seed as a model reads it. */
export function showSeed({ inputs, expected }: Content): string {
  const { tools: _, ...fields } = inputs;
  return JSON.stringify(expected === null ? { inputs: fields } : { inputs: fields, expected });
}

/** Longer items are not used as seeds: a few of them would fill a small model's context. */
const LONGEST_SEED = 12_000;
export const isShort = (item: Item): boolean => showSeed(item).length <= LONGEST_SEED;
