import { z } from "zod";
import { Dataset } from "../data/datasets.ts";
import { Name, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
import { ScorerRef } from "./scorers.ts";

const category = z.string().min(1).max(100);

/** A set of items that comes with the program. */
export const TestSet = z.object({
  testSetId: z.string(),
  label: z.string(),
  description: z.string(),
  version: z.number().describe("Increases when an item is added, changed or removed."),
  items: z.number(),
  categories: z
    .array(z.object({ category, intent: z.enum(["attack", "benign"]), items: z.number() }))
    .describe("The values of `metadata.category` and `metadata.intent`."),
  scorers: z.array(ScorerRef).describe("The scorer for the answers, in the format of an experiment."),
});
export type TestSet = z.output<typeof TestSet>;

export const TestSetDatasetInput = z.strictObject({
  name: Name,
  description: z.string().trim().max(2_000).optional().describe("The set's name if omitted."),
  categories: z.array(category).min(1).max(100).optional().describe("Only items of these categories. All if omitted."),
});
export type TestSetDatasetInput = z.output<typeof TestSetDatasetInput>;

export const testSetsApi = defineApi({
  "GET /api/v1/test-sets": {
    name: "listTestSets",
    summary: "The built-in test sets, such as jailbreak attacks",
    permission: "datasets:read",
    response: pageOf(TestSet),
  },
  "POST /api/v1/test-sets/:testSetId/datasets": {
    name: "createTestSetDataset",
    summary: "Create an evaluation dataset from a built-in test set, with its items as the first version",
    permission: "datasets:write",
    params: z.object({ testSetId: z.string().max(80) }),
    body: TestSetDatasetInput,
    response: Dataset,
    status: 201,
  },
});
