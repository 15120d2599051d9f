import { shuffle } from "../drift/shuffle.ts";
import type { Random } from "../random.ts";

/** Answers to one prompt, from before and from now. */
export type AnswerPair = { readonly reference: readonly string[]; readonly current: readonly string[] };
type Options = {
  readonly random: Random;
  readonly permutations?: number;
  /** So many characters of each answer are compared. */
  readonly characters?: number;
};

/** The squared maximum mean discrepancy of answers, and the share of permutations that are at least as far apart. */
export type AnswerDiscrepancy = { readonly value: number; readonly pValue: number };

const CHARACTERS = 1_000;

/**
 * Whether answers to the same prompts come from the same model (Gao, Liang and Guestrin 2025): the unbiased MMD² with the kernel
 * "at how many places two answers have the same character", averaged over the prompts. Answers are permuted within each
 * prompt only. A shorter answer has no character at its missing places. The p-value is (1 + c) / (1 + permutations).
 * Null unless a prompt has at least two answers from each side; other prompts do not count.
 */
export function answerDiscrepancy(
  prompts: readonly AnswerPair[],
  { random, permutations = 1_000, characters = CHARACTERS }: Options,
): AnswerDiscrepancy | null {
  const groups = prompts
    .filter(({ reference, current }) => reference.length > 1 && current.length > 1)
    .map(({ reference, current }) => {
      const answers = [...reference, ...current].map((text) => text.slice(0, characters));
      return { kernel: kernelOf(answers), size: answers.length, before: reference.length };
    });
  if (groups.length === 0) return null;
  const places = groups.map(({ size }) => Uint32Array.from({ length: size }, (_, at) => at));
  const mean = () =>
    groups.reduce((sum, group, at) => sum + discrepancy(group, places[at] ?? new Uint32Array()), 0) / groups.length;
  const value = mean();
  let asFar = 0;
  for (let round = 0; round < permutations; round++) {
    for (const order of places) shuffle(order, random);
    if (mean() >= value) asFar++;
  }
  return { value, pValue: (1 + asFar) / (1 + permutations) };
}

type Group = { readonly kernel: Float64Array; readonly size: number; readonly before: number };

function discrepancy({ kernel, size, before }: Group, order: Uint32Array): number {
  const now = size - before;
  let [first, second, between] = [0, 0, 0];
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < i; j++) {
      const value = kernel[(order[i] ?? 0) * size + (order[j] ?? 0)] ?? 0;
      if (i < before) first += value;
      else if (j >= before) second += value;
      else between += value;
    }
  }
  return (2 * first) / (before * (before - 1)) + (2 * second) / (now * (now - 1)) - (2 * between) / (before * now);
}

function kernelOf(answers: readonly string[]): Float64Array {
  const size = answers.length;
  const kernel = new Float64Array(size * size);
  for (const [i, one] of answers.entries())
    for (const [j, other] of answers.entries()) kernel[i * size + j] = sameCharacters(one, other);
  return kernel;
}

function sameCharacters(one: string, other: string): number {
  let same = 0;
  for (let at = 0; at < Math.min(one.length, other.length); at++) if (one[at] === other[at]) same++;
  return same;
}
