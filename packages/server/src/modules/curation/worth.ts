import { type Item, ItemPlace } from "@treadle/contract";
import { z } from "zod";
import { fieldOf } from "./item-field.ts";
import { textOf } from "./item-text.ts";

/** Of what worth an item is; of duplicates the one of most worth is kept, and the first of those. */
export type WorthOf = (item: Item) => number;

export const KEEPS = ["first", "longest", "highest"] as const;
/** Which of several duplicates is kept: parameters of all steps that remove them. */
export const KeepParams = {
  keep: z
    .enum(KEEPS)
    .default("first")
    .describe(
      "Which of them stays: the first, the one with the longest text, or the one with the highest number in `keepField`.",
    ),
  keepField: ItemPlace.optional().describe(
    "Where `highest` finds the number, such as `metadata.rating`. Without one an item is of least worth.",
  ),
};
type Keep = { readonly keep: (typeof KEEPS)[number]; readonly keepField?: string | undefined };

export const namesItsField = ({ keep, keepField }: Keep) => keep !== "highest" || keepField !== undefined;
export const FIELD_IS_MISSING = {
  message: "is needed to keep the highest: name a field with a number",
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
