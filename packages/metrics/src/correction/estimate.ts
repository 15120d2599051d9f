import type { Interval } from "../statistics/shared/comparison.ts";

/** A value and the interval that holds the true one as often as its alpha says. */
export type ValueWithInterval = { readonly value: number; readonly interval: Interval };

/** A number kept within 0 and 1. */
export const asShare = (value: number): number => Math.min(1, Math.max(0, value));
