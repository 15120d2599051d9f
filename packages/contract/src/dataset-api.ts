import { z } from "zod";
import {
  Branch,
  BranchName,
  BranchReview,
  BulkChange,
  ChangeAnswer,
  ChangeCounts,
  CONFLICT_SIDES,
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
  MergePreview,
  REVIEW_VERDICTS,
  VersionRef,
} from "./datasets.ts";
import { Done, Name, PageQuery, pageOf, Timestamp } from "./pages.ts";
import { defineApi } from "./route.ts";

const dataset = z.object({ datasetId: z.string().max(80) });
const item = dataset.extend({ itemId: ItemId });
const branch = BranchName.default(MAIN_BRANCH);
const revision = z
  .number()
  .int()
  .min(0)
  .optional()
  .describe(
    "The draft's revision that the caller saw; refused when somebody changed it since. Left out: whatever it is now.",
  );
const onDraft = z.strictObject({ branch, revision });
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
    "A field such as `inputs.question`, `split` or `metadata.score`, behind `-` for the largest first; empty for the order of the items.",
  );
const isText = z.enum(["true", "false"]).transform((text) => text === "true");

export const datasetsApi = defineApi({
  "GET /api/v1/datasets": {
    name: "listDatasets",
    summary: "The project's datasets by name",
    permission: "datasets:read",
    query: PageQuery.extend({
      search: z.string().max(200).default("").describe("Part of a name or of a description."),
      name: Name.optional().describe("Exactly this name."),
      isEvaluation: isText.optional(),
    }),
    response: pageOf(Dataset),
  },
  "POST /api/v1/datasets": {
    name: "createDataset",
    summary: "Make an empty dataset",
    permission: "datasets:write",
    body: DatasetInput,
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
      "Change a dataset's name, description or schema, or mark it as evaluation; a schema that main's items break is refused",
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
    summary: "One version by its number, root, tag or branch, with statistics and the steps it is made of",
    permission: "datasets:read",
    params: dataset.extend({ version: z.string().max(140) }),
    response: DatasetVersion,
  },
  "POST /api/v1/datasets/:datasetId/versions/:version/restore": {
    name: "restoreDatasetVersion",
    summary: "Bring an older version back as a step of a branch's draft",
    permission: "datasets:write",
    params: dataset.extend({ version: z.string().max(140) }),
    body: onDraft,
    response: ChangeAnswer,
  },
  "PUT /api/v1/datasets/:datasetId/tags/:tag": {
    name: "tagDatasetVersion",
    summary: "Put a tag on a version; it leaves the one that had it",
    permission: "datasets:write",
    params: dataset.extend({ tag: BranchName }),
    body: z.strictObject({ version: z.number().int().min(1) }),
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
    summary: "A branch's draft: its steps and what can be undone",
    permission: "datasets:read",
    params: dataset,
    query: z.object({ branch }),
    response: Draft,
  },
  "POST /api/v1/datasets/:datasetId/draft/commit": {
    name: "commitDraft",
    summary: "Name the draft as a new version of its branch",
    permission: "datasets:write",
    params: dataset,
    body: onDraft.extend({ message }),
    response: DatasetVersion,
    status: 201,
  },
  "POST /api/v1/datasets/:datasetId/draft/discard": {
    name: "discardDraft",
    summary: "Forget every step of a draft",
    permission: "datasets:write",
    params: dataset,
    body: onDraft,
    response: Draft,
  },
  "POST /api/v1/datasets/:datasetId/draft/undo": {
    name: "undoDraftStep",
    summary: "Take the last step of a draft back",
    permission: "datasets:write",
    params: dataset,
    body: onDraft,
    response: Draft,
  },
  "POST /api/v1/datasets/:datasetId/draft/redo": {
    name: "redoDraftStep",
    summary: "Make the step that was undone last again",
    permission: "datasets:write",
    params: dataset,
    body: onDraft,
    response: Draft,
  },
  "GET /api/v1/datasets/:datasetId/items": {
    name: "listDatasetItems",
    summary: "Items of a version or a draft, filtered, sorted and a page at a time",
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
        .describe("Fields that are wanted, separated by commas, such as `inputs.question,expected`; empty for all."),
      from: z.coerce
        .number()
        .int()
        .min(0)
        .optional()
        .describe("Begin at this item of the list instead of at a cursor."),
      maxChars: z.coerce
        .number()
        .int()
        .min(20)
        .max(100_000)
        .optional()
        .describe("Longer texts are cut off behind this many characters."),
    }),
    response: pageOf(ItemRow).extend({
      total: z.number().describe("Items that match."),
      searchedRows: z
        .number()
        .describe("Items that were looked at: less than `rows` while the newest are being indexed."),
      rows: z.number().describe("Items of the version or the draft."),
    }),
  },
  "POST /api/v1/datasets/:datasetId/items": {
    name: "addDatasetItems",
    summary: "Add items to a draft; one with the id of an item that is there takes its place",
    permission: "datasets:write",
    params: dataset,
    body: onDraft.extend({ items: z.array(ItemInput).min(1).max(1_000) }),
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
    params: item,
    body: onDraft.extend({
      item: ItemInput.omit({ itemId: true }),
      rowHash: z.string().optional().describe("Of the item that the caller saw; refused when it has changed since."),
    }),
    response: ChangeAnswer,
  },
  "GET /api/v1/datasets/:datasetId/items/:itemId/history": {
    name: "getDatasetItemHistory",
    summary: "The versions in which an item came, changed or went, newest first",
    permission: "datasets:read",
    params: item,
    query: z.object({ branch }),
    response: z.object({
      items: z.array(
        z.object({
          version: z.number(),
          kind: z.enum(DIFF_KINDS),
          message: z.string(),
          author: z.string(),
          createdAt: Timestamp,
          item: Item.nullable(),
        }),
      ),
      isPartial: z.boolean().describe("True when older versions than the last 200 were left out."),
    }),
  },
  "POST /api/v1/datasets/:datasetId/changes": {
    name: "changeDatasetItems",
    summary: "Set or remove a field, set the split, or delete: many items of a draft at once, by a filter or their ids",
    permission: "datasets:write",
    params: dataset,
    body: onDraft.extend({ select: ItemSelection, change: BulkChange }),
    response: ChangeAnswer,
  },
  "GET /api/v1/datasets/:datasetId/stats": {
    name: "getDatasetStats",
    summary: "What is counted of a version or a draft: splits, sources, fields and labels",
    permission: "datasets:read",
    params: dataset,
    query: z.object({ at: VersionRef }),
    response: DatasetStats,
  },
  "GET /api/v1/datasets/:datasetId/distribution": {
    name: "getFieldDistribution",
    summary:
      "How the values of one field are distributed: the most frequent, and bins for numbers and lengths of texts",
    permission: "datasets:read",
    params: dataset,
    query: z.object({ at: VersionRef, filter, field: z.string().min(1).max(300) }),
    response: z.object({
      rows: z.number(),
      missing: z.number().describe("Items without the field."),
      distinct: z.number(),
      values: z.array(z.object({ value: z.string(), rows: z.number() })).describe("The 50 most frequent."),
      bins: z
        .array(z.object({ from: z.number(), to: z.number(), rows: z.number() }))
        .describe("Of the numbers; of the lengths in characters when they are texts."),
      unit: z.enum(["value", "characters"]),
      searchedRows: z.number(),
    }),
  },
  "GET /api/v1/datasets/:datasetId/diff": {
    name: "diffDatasetVersions",
    summary: "What differs between two versions or drafts, item by item",
    permission: "datasets:read",
    params: dataset,
    query: PageQuery.extend({ from: VersionRef, to: VersionRef, kind: z.enum(DIFF_KINDS).optional() }),
    response: pageOf(DiffItem).extend({ counts: ChangeCounts }),
  },
  "GET /api/v1/datasets/:datasetId/branches": {
    name: "listDatasetBranches",
    summary: "A dataset's branches, main first",
    permission: "datasets:read",
    params: dataset,
    response: z.object({ items: z.array(Branch) }),
  },
  "POST /api/v1/datasets/:datasetId/branches": {
    name: "createDatasetBranch",
    summary: "Make a branch from a version",
    permission: "datasets:write",
    params: dataset,
    body: z.strictObject({ name: BranchName, from: VersionRef }),
    response: Branch,
    status: 201,
  },
  "DELETE /api/v1/datasets/:datasetId/branches/:branch": {
    name: "deleteDatasetBranch",
    summary: "Delete a branch and its draft; its versions stay",
    permission: "datasets:write",
    params: dataset.extend({ branch: BranchName }),
    response: Done,
  },
  "GET /api/v1/datasets/:datasetId/branches/:branch/merge": {
    name: "previewMerge",
    summary: "What merging a branch into main would do, and where both changed the same item",
    permission: "datasets:read",
    params: dataset.extend({ branch: BranchName }),
    response: MergePreview,
  },
  "POST /api/v1/datasets/:datasetId/branches/:branch/reviews": {
    name: "reviewBranch",
    summary: "Approve or reject a branch's newest version",
    permission: "datasets:write",
    params: dataset.extend({ branch: BranchName }),
    body: z.strictObject({
      verdict: z.enum(REVIEW_VERDICTS),
      comment: z.string().trim().max(5_000).default(""),
      version: z
        .number()
        .int()
        .min(1)
        .describe("The version that was looked at; refused when the branch has a newer one."),
    }),
    response: BranchReview,
    status: 201,
  },
  "POST /api/v1/datasets/:datasetId/branches/:branch/merge": {
    name: "mergeBranch",
    summary: "Merge an approved branch into main as a new version",
    permission: "datasets:write",
    params: dataset.extend({ branch: BranchName }),
    body: z.strictObject({
      message,
      resolutions: z
        .record(ItemId, z.enum(CONFLICT_SIDES))
        .default({})
        .describe("Which side counts for an item that both changed."),
      otherwise: z.enum(CONFLICT_SIDES).optional().describe("Which side counts for the conflicts that are not named."),
    }),
    response: DatasetVersion,
    status: 201,
  },
});
