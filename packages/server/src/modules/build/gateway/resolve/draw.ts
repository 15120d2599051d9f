import type { Variant } from "@treadle/contract";

/** A variant, and the probability with which it was chosen. */
export type Choice = { readonly variant: Variant; readonly propensity: number };
/** A choice by where the unit lies, from 0 to 1. */
export type Draw = Choice & { readonly bucket: number };

/** Chooses by probabilities that add up to 1. */
export const byProbabilities =
  (variants: readonly Variant[], probabilities: readonly number[]) =>
  (bucket: number): Choice => {
    const place = placeAt(probabilities, bucket);
    return { variant: variantOf(variants, place), propensity: probabilities[place] ?? 0 };
  };

/** The part that a place falls into. Rounding can push the place beyond the end of the last one. */
export function placeAt(parts: readonly number[], place: number): number {
  let end = 0;
  for (const [index, part] of parts.entries()) {
    end += part;
    if (place < end) return index;
  }
  return parts.findLastIndex((part) => part > 0);
}

export function variantOf(variants: readonly Variant[], place: number): Variant {
  const variant = variants[Math.max(0, place)];
  if (!variant) throw new Error("an endpoint has at least one variant");
  return variant;
}
