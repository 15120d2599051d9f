import { ItemPlace } from "@treadle/contract";
import { z } from "zod";
import { findNearDuplicates } from "../duplicates/find-near-duplicates.ts";
import { TextOf } from "../step/actions.ts";
import type { Reading } from "../step/feed.ts";
import { type Groups, groupRows } from "./split-groups.ts";

/** What makes items belong together, so that they must not be in two splits. */
export const GroupParams = {
  groupBy: z
    .array(ItemPlace)
    .max(5)
    .default([])
    .describe(
      "Fields that define groups, such as `metadata.user`. Items with the same value in one of these fields belong together.",
    ),
  near: z.boolean().default(true).describe("Near-duplicates belong together too."),
  of: TextOf.default("prompt"),
  threshold: z
    .number()
    .min(0.1)
    .max(1)
    .optional()
    .describe("Minimum similarity of near-duplicates. Leave it empty to choose it by the length of the texts."),
};
type Choice = {
  readonly groupBy: readonly string[];
  readonly near: boolean;
  readonly of: z.output<typeof TextOf>;
  readonly threshold?: number;
};

export async function findGroups(reading: Reading, { groupBy, near, of, threshold }: Choice): Promise<Groups> {
  const groups = near ? await findNearDuplicates(reading, { of, threshold }) : undefined;
  return groupRows(reading, groupBy, groups?.groups);
}
