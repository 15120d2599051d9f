import type { Item } from "@treadle/contract";
import { z } from "zod";
import { addFlags, flagsOf } from "../items/item-edit.ts";
import { TEXT_VIEWS } from "../items/item-text.ts";
import type { RowVerdict } from "./row-step.ts";

/** The action of a step for an item with a finding. */
export const Action = z
  .enum(["drop", "flag"])
  .describe("`drop` removes the item; `flag` keeps it and records the finding in `metadata.flags`.");
export const TextOf = z
  .enum(TEXT_VIEWS)
  .describe("The part of the item to check: the input, the expected answer or both.");

export type Found = {
  readonly rule: string;
  readonly reason: string;
  readonly value: number | null;
  readonly threshold: number | null;
};
type Doing = {
  readonly action: "drop" | "flag";
  /** For example `quality:words`. */
  readonly flags: readonly string[];
  readonly measures?: Readonly<Record<string, number>>;
};

/** The verdict on an item with a finding. An existing flag is not an edit. */
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

/** The finding for a number outside its limits. Null if it is within them. */
export function findOutside({ unit, value, min, max }: Between): Found | null {
  if (value < min) return { rule: unit, reason: `${value} ${unit}, fewer than ${min}`, value, threshold: min };
  if (max !== undefined && value > max)
    return { rule: unit, reason: `${value} ${unit}, more than ${max}`, value, threshold: max };
  return null;
}
