import type { Item } from "@treadle/contract";
import { z } from "zod";
import { addFlags, flagsOf } from "../item-edit.ts";
import { TEXT_VIEWS } from "../item-text.ts";
import type { RowVerdict } from "./row-step.ts";

/** What a step does to an item it finds something in. */
export const Action = z
  .enum(["drop", "flag"])
  .describe("`drop` removes the item; `flag` keeps it and notes what was found in `metadata.flags`.");
export const TextOf = z.enum(TEXT_VIEWS).describe("Whether what is asked, the answer or all of it is looked at.");

export type Found = {
  readonly rule: string;
  readonly reason: string;
  readonly value: number | null;
  readonly threshold: number | null;
};
type Doing = {
  readonly action: "drop" | "flag";
  /** Such as `quality:words`. */
  readonly flags: readonly string[];
  readonly measures?: Readonly<Record<string, number>>;
};

/** The verdict on an item in which something was found. A flag that it has already is no edit. */
export function act(item: Item, found: Found, { action, flags, measures }: Doing): RowVerdict {
  const verdict = { ...found, ...(measures && { measures }) };
  if (action === "drop") return { ...verdict, keep: false };
  const has = flagsOf(item);
  if (flags.every((flag) => has.includes(flag))) return nothing(measures);
  return { ...verdict, keep: true, edited: addFlags(item, flags) };
}

/** The verdict on an item that nothing happens to. */
export const nothing = (measures?: Readonly<Record<string, number>>): RowVerdict => ({
  keep: true,
  reason: "",
  value: null,
  threshold: null,
  ...(measures && { measures }),
});

type Between = {
  readonly unit: string;
  readonly value: number;
  readonly min: number;
  readonly max: number | undefined;
};

/** What is found when a number lies outside of its limits; null when it lies between them. */
export function findOutside({ unit, value, min, max }: Between): Found | null {
  if (value < min) return { rule: unit, reason: `${value} ${unit}, fewer than ${min}`, value, threshold: min };
  if (max !== undefined && value > max)
    return { rule: unit, reason: `${value} ${unit}, more than ${max}`, value, threshold: max };
  return null;
}
