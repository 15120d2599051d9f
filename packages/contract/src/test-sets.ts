import { z } from "zod";
import { Dataset } from "./datasets.ts";
import { Name } from "./pages.ts";
import { defineApi } from "./route.ts";
import { ScorerRef } from "./scorers.ts";

const category = z.string().min(1).max(100);

/** A set of items that comes with the program. */
export const TestSet = z.object({
  testSetId: z.string(),
  label: z.string(),
  description: z.string(),
  version: z.number().describe("Goes up whenever an item is added, changed or taken away."),
  items: z.number(),
  categories: z
    .array(z.object({ category, intent: z.enum(["attack", "benign"]), items: z.number() }))
    .describe("What `metadata.category` and `metadata.intent` of the items say."),
  scorers: z.array(ScorerRef).describe("What scores the answers, as an experiment takes them."),
});
export type TestSet = z.output<typeof TestSet>;

export const TestSetDatasetInput = z.strictObject({
  name: Name,
  description: z.string().trim().max(2_000).optional().describe("The set's own when it is left out."),
  categories: z.array(category).min(1).max(100).optional().describe("Only items of these; all when it is left out."),
});
export type TestSetDatasetInput = z.output<typeof TestSetDatasetInput>;

export const testSetsApi = defineApi({
  "GET /api/v1/test-sets": {
    name: "listTestSets",
    summary: "The sets of items that come with the program, such as jailbreaks",
    permission: "datasets:read",
    response: z.object({ testSets: z.array(TestSet) }),
  },
  "POST /api/v1/test-sets/:testSetId/datasets": {
    name: "createTestSetDataset",
    summary: "Make a dataset of a built-in set, for evaluation, with its items as the first version",
    permission: "datasets:write",
    params: z.object({ testSetId: z.string().max(80) }),
    body: TestSetDatasetInput,
    response: Dataset,
    status: 201,
  },
});
