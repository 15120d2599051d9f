import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { Done, Name, PageQuery, pageOf, Timestamp } from "../pages.ts";
import { defineApi } from "../route.ts";
import { datasetBranchesApi } from "./dataset-branches-api.ts";
import {
  BranchName,
  BulkChange,
  ChangeAnswer,
  ChangeCounts,
  Dataset,
  DatasetInput,
  DatasetPatch,
  DatasetStats,
  DatasetVersion,
  DatasetVersionSummary,
  DIFF_KINDS,
  DiffItem,
  Draft,
  Item,
  ItemId,
  ItemInput,
  ItemRow,
  ItemSelection,
  MAIN_BRANCH,
  VersionRef,
} from "./datasets.ts";

const dataset = z.object({ datasetId: z.string().max(80) });
const item = dataset.extend({ itemId: ItemId });
const branch = BranchName.default(MAIN_BRANCH);
const revision = z
  .number()
  .int()
  .min(0)
  .max(MOST_INTEGER)
  .optional()
  .describe(
    "The revision of the draft that the caller saw. The request is rejected if the draft has changed. If omitted, the current revision is used.",
  );
/** A draft as the caller saw it. */
export const OnDraft = z.strictObject({ branch, revision });
const message = z.string().trim().min(1).max(2_000);
const filter = z
  .string()
  .max(2_000)
  .default("")
  .describe('Such as `split:train source:file inputs.topic:refund metadata.score>0.5 -expected:yes "some words"`.');
const sort = z
  .string()
  .max(320)
  .default("")
  .describe(
    "A field such as `inputs.question`, `split` or `metadata.score`. Add `-` before it for descending order. Empty for the order of the items.",
  );
const isText = z.enum(["true", "false"]).transform((text) => text === "true");

export const datasetsApi = defineApi({
  "GET /api/v1/datasets": {
    name: "listDatasets",
    summary: "The project's datasets by name",
    permission: "datasets:read",
    query: PageQuery.extend({
      search: z.string().max(200).default("").describe("Part of a name or description."),
      name: Name.optional().describe("The exact name."),
      isEvaluation: isText.optional(),
    }),
    response: pageOf(Dataset),
  },
  "POST /api/v1/datasets": {
    name: "createDataset",
    summary: "Create an empty dataset",
    permission: "datasets:write",
    body: DatasetInput,
    example: { name: "Support questions" },
    response: Dataset,
    status: 201,
  },
  "GET /api/v1/datasets/:datasetId": {
    name: "getDataset",
    summary: "One dataset",
    permission: "datasets:read",
    params: dataset,
    response: Dataset,
  },
  "PATCH /api/v1/datasets/:datasetId": {
    name: "updateDataset",
    summary:
      "Change a dataset's name, description or schema, or mark it as evaluation; rejected if items of main violate the schema",
    permission: "datasets:write",
    params: dataset,
    body: DatasetPatch,
    response: Dataset,
  },
  "DELETE /api/v1/datasets/:datasetId": {
    name: "deleteDataset",
    summary: "Delete a dataset with all its versions",
    permission: "datasets:write",
    params: dataset,
    response: Done,
  },
  "GET /api/v1/datasets/:datasetId/versions": {
    name: "listDatasetVersions",
    summary: "A dataset's versions, newest first",
    permission: "datasets:read",
    params: dataset,
    query: PageQuery.extend({ branch: BranchName.optional() }),
    response: pageOf(DatasetVersionSummary),
  },
  "GET /api/v1/datasets/:datasetId/versions/:version": {
    name: "getDatasetVersion",
    summary: "One version by its number, root, tag or branch, with statistics and its steps",
    permission: "datasets:read",
    params: dataset.extend({ version: z.string().max(140) }),
    response: DatasetVersion,
  },
  "POST /api/v1/datasets/:datasetId/versions/:version/restore": {
    name: "restoreDatasetVersion",
    summary: "Restore an older version as a step of a branch's draft",
    permission: "datasets:write",
    params: dataset.extend({ version: z.string().max(140) }),
    body: OnDraft,
    response: ChangeAnswer,
    creates: true,
  },
  "PUT /api/v1/datasets/:datasetId/tags/:tag": {
    name: "tagDatasetVersion",
    summary: "Put a tag on a version; the tag moves if another version has it",
    permission: "datasets:write",
    params: dataset.extend({ tag: BranchName }),
    body: z.strictObject({ version: z.number().int().min(1).max(MOST_INTEGER) }),
    example: { version: 3 },
    response: DatasetVersionSummary,
  },
  "DELETE /api/v1/datasets/:datasetId/tags/:tag": {
    name: "untagDatasetVersion",
    summary: "Remove a tag",
    permission: "datasets:write",
    params: dataset.extend({ tag: BranchName }),
    response: Done,
  },
  "GET /api/v1/datasets/:datasetId/draft": {
    name: "getDraft",
    summary: "A branch's draft: its steps, and which of them you can undo",
    permission: "datasets:read",
    params: dataset,
    query: z.object({ branch }),
    response: Draft,
  },
  "POST /api/v1/datasets/:datasetId/draft/commit": {
    name: "commitDraft",
    summary: "Commit the draft as a new version of its branch",
    permission: "datasets:write",
    description: "A version never changes. It is named by its number, its root hash, a tag or its branch.",
    params: dataset,
    body: OnDraft.extend({ message }),
    response: DatasetVersion,
    status: 201,
  },
  "POST /api/v1/datasets/:datasetId/draft/discard": {
    name: "discardDraft",
    summary: "Discard all steps of a draft",
    permission: "datasets:write",
    params: dataset,
    body: OnDraft,
    response: Draft,
  },
  "POST /api/v1/datasets/:datasetId/draft/undo": {
    name: "undoDraftStep",
    summary: "Undo the last step of a draft",
    permission: "datasets:write",
    params: dataset,
    body: OnDraft,
    response: Draft,
  },
  "POST /api/v1/datasets/:datasetId/draft/redo": {
    name: "redoDraftStep",
    summary: "Redo the last step that was undone",
    permission: "datasets:write",
    params: dataset,
    body: OnDraft,
    response: Draft,
  },
  "GET /api/v1/datasets/:datasetId/items": {
    name: "listDatasetItems",
    summary: "Items of a version or a draft, filtered, sorted and in pages",
    permission: "datasets:read",
    params: dataset,
    query: PageQuery.extend({
      at: VersionRef,
      filter,
      sort,
      columns: z
        .string()
        .max(4_000)
        .default("")
        .describe("Fields to return, separated by commas, such as `inputs.question,expected`. Empty for all fields."),
      from: z.coerce
        .number()
        .int()
        .min(0)
        .max(MOST_INTEGER)
        .optional()
        .describe("Start at this index of the list instead of at a cursor."),
      maxChars: z.coerce
        .number()
        .int()
        .min(20)
        .max(100_000)
        .optional()
        .describe("Texts are cut off after this many characters."),
    }),
    response: pageOf(ItemRow).extend({
      total: z.number().describe("The number of matching items."),
      searchedRows: z
        .number()
        .describe("The number of items searched. It is lower than `rows` until the newest items are indexed."),
      rows: z.number().describe("The number of items in the version or the draft."),
    }),
  },
  "POST /api/v1/datasets/:datasetId/items": {
    name: "addDatasetItems",
    summary: "Add items to a draft; an item with an existing id replaces that item",
    permission: "datasets:write",
    description: "Items change in the draft of a branch. Commit the draft to make a version of it.",
    params: dataset,
    body: OnDraft.extend({ items: z.array(ItemInput).min(1).max(1_000) }),
    example: {
      items: [{ inputs: { question: "How do I get a refund?" }, expected: "Open your order and choose Refund." }],
    },
    response: ChangeAnswer.extend({ itemIds: z.array(z.string()) }),
    status: 201,
  },
  "GET /api/v1/datasets/:datasetId/items/:itemId": {
    name: "getDatasetItem",
    summary: "One item of a version or a draft",
    permission: "datasets:read",
    params: item,
    query: z.object({ at: VersionRef }),
    response: ItemRow,
  },
  "PUT /api/v1/datasets/:datasetId/items/:itemId": {
    name: "replaceDatasetItem",
    summary: "Replace one item of a draft",
    permission: "datasets:write",
    description: "Items change in the draft of a branch. Commit the draft to make a version of it.",
    params: item,
    body: OnDraft.extend({
      item: ItemInput.omit({ itemId: true }),
      rowHash: z
        .string()
        .optional()
        .describe("The hash of the item that the caller saw. The request is rejected if the item has changed."),
    }),
    example: {
      item: { inputs: { question: "How do I get a refund?" }, expected: "Open your order and choose Refund." },
    },
    response: ChangeAnswer,
  },
  "GET /api/v1/datasets/:datasetId/items/:itemId/history": {
    name: "getDatasetItemHistory",
    summary: "The versions that added, changed or removed an item, newest first",
    permission: "datasets:read",
    params: item,
    query: z.object({ branch }),
    response: pageOf(
      z.object({
        version: z.number(),
        kind: z.enum(DIFF_KINDS),
        message: z.string(),
        author: z.string(),
        createdAt: Timestamp,
        item: Item.nullable(),
      }),
    ).extend({
      isPartial: z.boolean().describe("True when older versions than the last 200 were left out."),
    }),
  },
  "POST /api/v1/datasets/:datasetId/changes": {
    name: "changeDatasetItems",
    summary: "Edit many items of a draft, by a filter or by ids: set or remove a field, set the split, or delete items",
    permission: "datasets:write",
    description:
      "Items change in the draft of a branch. Commit the draft to make a version of it. In a draft with more than 50,000 items a job makes the change, and `jobId` is its id.",
    params: dataset,
    body: OnDraft.extend({ select: ItemSelection, change: BulkChange }),
    example: {
      select: { itemIds: ["item-1"] },
      change: { kind: "set-field", field: "metadata.topic", value: "refunds" },
    },
    response: ChangeAnswer,
    creates: true,
  },
  "GET /api/v1/datasets/:datasetId/stats": {
    name: "getDatasetStats",
    summary: "Counts of a version or a draft: splits, sources, fields and labels",
    permission: "datasets:read",
    params: dataset,
    query: z.object({ at: VersionRef }),
    response: DatasetStats,
  },
  "GET /api/v1/datasets/:datasetId/distribution": {
    name: "getFieldDistribution",
    summary: "The distribution of one field: the most frequent values, and a histogram of numbers or text lengths",
    permission: "datasets:read",
    params: dataset,
    query: z.object({ at: VersionRef, filter, field: z.string().min(1).max(300) }),
    response: z.object({
      rows: z.number(),
      missing: z.number().describe("The number of items without the field."),
      distinct: z.number(),
      values: z.array(z.object({ value: z.string(), rows: z.number() })).describe("The 50 most frequent values."),
      bins: z
        .array(z.object({ from: z.number(), to: z.number(), rows: z.number() }))
        .describe("A histogram of the numbers, or of the lengths in characters for texts."),
      unit: z.enum(["value", "characters"]),
      searchedRows: z.number(),
    }),
  },
  "GET /api/v1/datasets/:datasetId/diff": {
    name: "diffDatasetVersions",
    summary: "The differences between two versions or drafts, by item",
    permission: "datasets:read",
    params: dataset,
    query: PageQuery.extend({ from: VersionRef, to: VersionRef, kind: z.enum(DIFF_KINDS).optional() }),
    response: pageOf(DiffItem).extend({ counts: ChangeCounts }),
  },
  ...datasetBranchesApi,
});
