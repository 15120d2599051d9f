import { type Item, ItemPlace } from "@treadle/contract";
import { z } from "zod";
import { fieldOf } from "../items/item-field.ts";
import { textOf } from "../items/item-text.ts";

/** The worth of an item. Of several duplicates, the item with the highest worth stays; with equal worth, the first. */
export type WorthOf = (item: Item) => number;

export const KEEPS = ["first", "longest", "highest"] as const;
/** Which duplicate remains. All steps that remove duplicates have these parameters. */
export const KeepParams = {
  keep: z
    .enum(KEEPS)
    .default("first")
    .describe(
      "Which item of a group stays: the first, the one with the longest text, or the one with the highest number in `keepField`.",
    ),
  keepField: ItemPlace.optional().describe(
    "The field with the number for `highest`, such as `metadata.rating`. Items without a number rank last.",
  ),
};
type Keep = { readonly keep: (typeof KEEPS)[number]; readonly keepField?: string | undefined };

export const namesItsField = ({ keep, keepField }: Keep) => keep !== "highest" || keepField !== undefined;
export const FIELD_IS_MISSING = {
  message: "is required for `highest`: name a field with a number",
  path: ["keepField"],
};

export function worthOf({ keep, keepField }: Keep): WorthOf {
  if (keep === "longest") return (item) => textOf(item, "all").length;
  if (keep === "highest" && keepField !== undefined) return (item) => numberIn(item, keepField);
  return () => 0;
}

function numberIn(item: Item, field: string): number {
  const value = fieldOf(item, field);
  const number =
    typeof value === "number" ? value : typeof value === "string" && value.trim() !== "" ? Number(value) : Number.NaN;
  return Number.isNaN(number) ? Number.NEGATIVE_INFINITY : number;
}
