import { ItemPlace } from "@treadle/contract";
import { z } from "zod";
import type { Reading } from "../feed.ts";
import { bandsFor, findNearDuplicates, NEAR_DEFAULTS } from "../find-near-duplicates.ts";
import { type Groups, groupRows } from "../split-groups.ts";
import { TextOf } from "./actions.ts";

/** What makes items belong together, so that they must not be in two splits. */
export const GroupParams = {
  groupBy: z
    .array(ItemPlace)
    .max(5)
    .default([])
    .describe("Items with the same value in one of these belong together, such as `metadata.user`."),
  near: z.boolean().default(true).describe("Near-duplicates belong together as well."),
  of: TextOf.default("prompt"),
  threshold: z
    .number()
    .min(0.1)
    .max(1)
    .default(NEAR_DEFAULTS.threshold)
    .describe("From which similarity texts are near."),
};
type Choice = {
  readonly groupBy: readonly string[];
  readonly near: boolean;
  readonly of: z.output<typeof TextOf>;
  readonly threshold: number;
};

export async function findGroups(reading: Reading, { groupBy, near, of, threshold }: Choice): Promise<Groups> {
  const found = near
    ? await findNearDuplicates(reading, { ...NEAR_DEFAULTS, ...bandsFor(threshold), of, threshold })
    : undefined;
  return groupRows(reading, groupBy, found?.groups);
}
