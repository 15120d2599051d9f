import { countFactor } from "@treadle/metrics";
import type { Counts } from "../stores/probe-values.ts";

/** The weights of a prompt's factor. A small weight finds a change of few prompts, the weight 1 a change of all of them. */
const WEIGHTS = [0.1, 0.3, 1];
/** Larger factors are cut, so that their products stay finite. */
export const MOST_FACTOR = 1e300;

/** The factor (an e-value) of new answers to one prompt against the reference. */
export function promptFactor(reference: Counts, current: Counts): number {
  const answers = [...new Set([...reference.keys(), ...current.keys()])];
  return countFactor({
    reference: answers.map((answer) => reference.get(answer) ?? 0),
    current: answers.map((answer) => current.get(answer) ?? 0),
  });
}

/**
 * One factor for the prompts of a day. The product of (1 − w + w · factor) is an e-value for each weight, because the prompts are
 * independent. So is the mean over the weights. 1 without prompts.
 */
export function dayFactor(factors: readonly number[]): number {
  const products = WEIGHTS.map((weight) =>
    Math.exp(factors.reduce((sum, factor) => sum + Math.log(1 - weight + weight * factor), 0)),
  );
  return Math.min(MOST_FACTOR, products.reduce((sum, product) => sum + product, 0) / WEIGHTS.length);
}
