import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { Name, Timestamp } from "../pages.ts";

/** How far an item may go. */
export const ITEM_LIMITS = { bytes: 16 * 1024 * 1024, depth: 64, keys: 10_000 } as const;

export const SOURCE_KINDS = ["manual", "file", "trace", "feedback", "synthetic"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Where an item came from. It is carried along and shown, and is no part of what makes two items the same. */
export const Source = z.strictObject({
  kind: z.enum(SOURCE_KINDS),
  file: z.string().max(500).optional().describe("The name of the file."),
  line: z.number().int().min(0).max(MOST_INTEGER).optional().describe("The line of the file, counted from 1."),
  traceId: z.string().max(64).optional(),
  spanId: z.string().max(64).optional(),
  model: z.string().max(300).optional().describe("The model that generated it."),
  jobId: z.string().max(80).optional(),
});
export type Source = z.infer<typeof Source>;

export const ItemId = z
  .string()
  .regex(/^[\w.:@/+=-]{1,200}$/, "use letters, digits and . _ : @ / + = -, at most 200 characters");
export const SplitName = z.string().regex(/^[\w.-]{1,60}$/, "use letters, digits, dots, hyphens and underscores");

const JsonObject = z.record(z.string(), z.unknown());

/** One example: inputs, expected answer (null if unknown) and metadata. */
export const Item = z.object({
  itemId: ItemId,
  inputs: JsonObject,
  expected: z.unknown().describe("Null if there is no expected answer."),
  metadata: JsonObject,
  source: Source,
  split: SplitName.nullable(),
});
export type Item = z.infer<typeof Item>;

/** An item as a caller writes it. Without an id it gets one from its content. */
export const ItemInput = z.strictObject({
  itemId: ItemId.optional(),
  inputs: JsonObject,
  expected: z.unknown().default(null),
  metadata: JsonObject.default({}),
  source: Source.default({ kind: "manual" }),
  split: SplitName.nullable().default(null),
});
export type ItemInput = z.output<typeof ItemInput>;

/** An item in its place in a version or a draft. */
export const ItemRow = Item.extend({
  position: z.number().describe("The position among all items, counted from 0."),
  rowHash: z.string().describe("SHA-256 of the content, the id and the split. The source is not included."),
});
export type ItemRow = z.infer<typeof ItemRow>;

/** JSON schemas that every item must keep to; null takes anything. */
export const DatasetSchema = z.strictObject({
  inputs: JsonObject.nullable().default(null),
  expected: JsonObject.nullable().default(null),
  metadata: JsonObject.nullable().default(null),
});
export type DatasetSchema = z.output<typeof DatasetSchema>;

export const BranchName = z
  .string()
  .regex(
    /^(?!draft$|latest$|v?\d+$|[0-9a-f]{64}$)[a-zA-Z0-9][\w./-]{0,59}$/,
    "begin with a letter or a digit, use letters, digits, . _ / -, no bare number, and neither `draft` nor `latest`",
  );
export const MAIN_BRANCH = "main";

/** Which items are meant. */
export const VersionRef = z
  .string()
  .max(140)
  .default(MAIN_BRANCH)
  .describe(
    "A version number, a root, a tag, a branch for its newest version, `draft` for the draft of main, or `draft:BRANCH` for the draft of another branch.",
  );

export const FieldType = z.enum(["string", "number", "boolean", "array", "object", "null", "mixed"]);

/** What is counted when items are written. */
export const DatasetStats = z.object({
  rows: z.number(),
  bytes: z.number().describe("The size of the items as JSON."),
  splits: z.array(z.object({ split: z.string().nullable(), rows: z.number() })),
  sources: z.array(z.object({ kind: z.enum(SOURCE_KINDS), rows: z.number() })),
  fields: z
    .array(z.object({ field: z.string(), type: FieldType, rows: z.number() }))
    .describe(
      "Fields such as `inputs.question`, `expected` and `metadata.topic`, with the number of items that have them. At most 200.",
    ),
  labels: z
    .array(z.object({ label: z.string(), rows: z.number() }))
    .nullable()
    .describe("How often each expected answer occurs, if there are few short answers such as classes. Otherwise null."),
});
export type DatasetStats = z.infer<typeof DatasetStats>;

export const STEP_KINDS = [
  "import",
  "add",
  "edit",
  "bulk-edit",
  "delete",
  "curate",
  "restore",
  "merge",
  "traces",
  "synthetic",
  "feedback",
] as const;
export type StepKind = (typeof STEP_KINDS)[number];

export const ChangeCounts = z.object({ added: z.number(), removed: z.number(), changed: z.number() });
export type ChangeCounts = z.infer<typeof ChangeCounts>;

/** One change of a draft. */
export const DraftStep = z.object({
  kind: z.enum(STEP_KINDS),
  summary: z.string().describe("A description of the step."),
  counts: ChangeCounts,
  recipe: z
    .unknown()
    .describe("The recipe that repeats the step, such as the steps of a curation. Null if there is none."),
  author: z.string(),
  createdAt: Timestamp,
});
export type DraftStep = z.infer<typeof DraftStep>;

/** The work on a branch that is no version yet. Every branch has one; without steps it equals the branch's newest version. */
export const Draft = z.object({
  branch: z.string(),
  revision: z.number().describe("Increases with every change. A change that names an older revision is rejected."),
  base: z
    .number()
    .nullable()
    .describe("The number of the version that the draft starts from. Null if there is none yet."),
  rows: z.number(),
  steps: z.array(DraftStep).describe("Oldest first. Undone steps are at the end."),
  applied: z.number().describe("The number of active steps. The other steps were undone and can be redone."),
  isDirty: z.boolean().describe("Whether there are changes to commit."),
  updatedAt: Timestamp.nullable(),
});
export type Draft = z.infer<typeof Draft>;

/** An immutable state of the items. */
export const DatasetVersion = z.object({
  version: z.number(),
  root: z.string().describe("The Merkle root over the rows: the same items in the same order have the same root."),
  branch: z.string(),
  parent: z.number().nullable(),
  mergedFrom: z.number().nullable().describe("The version of another branch that was merged."),
  message: z.string(),
  author: z.string(),
  createdAt: Timestamp,
  stats: DatasetStats,
  steps: z.array(DraftStep).describe("The steps that made the version, with recipes."),
  tags: z.array(z.string()),
  indexedRows: z.number().describe("The number of indexed items, which filters can find."),
});
export type DatasetVersion = z.infer<typeof DatasetVersion>;

export const DatasetVersionSummary = DatasetVersion.omit({ stats: true, steps: true, indexedRows: true }).extend({
  rows: z.number(),
});
export type DatasetVersionSummary = z.infer<typeof DatasetVersionSummary>;

export const Dataset = z.object({
  datasetId: z.string(),
  name: z.string(),
  description: z.string(),
  isEvaluation: z.boolean().describe("Other datasets are checked against it for contamination."),
  schema: DatasetSchema,
  rows: z.number().describe("The number of items in main's newest version, or in its draft if there is no version."),
  latestVersion: z.number().nullable().describe("Main's newest version."),
  branches: z.number(),
  versions: z.number(),
  hasDraft: z.boolean().describe("Whether main's draft has changes to commit."),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type Dataset = z.infer<typeof Dataset>;

export const DatasetInput = z.strictObject({
  name: Name,
  description: z.string().trim().max(2_000).default(""),
  isEvaluation: z.boolean().default(false),
  schema: DatasetSchema.default({ inputs: null, expected: null, metadata: null }),
});
export type DatasetInput = z.output<typeof DatasetInput>;

export const DatasetPatch = z.strictObject({
  name: Name.optional(),
  description: z.string().trim().max(2_000).optional(),
  isEvaluation: z.boolean().optional(),
  schema: DatasetSchema.optional(),
});
export type DatasetPatch = z.output<typeof DatasetPatch>;

export const REVIEW_VERDICTS = ["approve", "reject"] as const;
export const BranchReview = z.object({
  verdict: z.enum(REVIEW_VERDICTS),
  comment: z.string(),
  reviewer: z.string(),
  version: z.number().describe("The reviewed version of the branch. A newer version needs a new review."),
  createdAt: Timestamp,
});
export type BranchReview = z.infer<typeof BranchReview>;

export const Branch = z.object({
  name: z.string(),
  version: z.number().nullable().describe("The newest version of the branch."),
  base: z.number().nullable().describe("The version from which the branch was created."),
  rows: z.number(),
  hasDraft: z.boolean(),
  review: BranchReview.nullable().describe("The latest review."),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type Branch = z.infer<typeof Branch>;

export const FieldChange = z.object({
  field: z.string().describe("A field such as `inputs.question` or `split`."),
  before: z.unknown(),
  after: z.unknown(),
});
export type FieldChange = z.infer<typeof FieldChange>;

export const DIFF_KINDS = ["added", "removed", "changed"] as const;
export const DiffItem = z.object({
  kind: z.enum(DIFF_KINDS),
  itemId: z.string(),
  before: Item.nullable(),
  after: Item.nullable(),
  fields: z.array(FieldChange).describe("The differences in a changed item."),
});
export type DiffItem = z.infer<typeof DiffItem>;

export const CONFLICT_SIDES = ["ours", "theirs"] as const;
/** An item that both sides changed since they parted, each in its own way. */
export const MergeConflict = z.object({
  itemId: z.string(),
  base: Item.nullable(),
  ours: Item.nullable().describe("The item in main. Null if main removed it."),
  theirs: Item.nullable().describe("The item in the branch. Null if the branch removed it."),
});
export type MergeConflict = z.infer<typeof MergeConflict>;

export const MergePreview = z.object({
  branch: z.string(),
  into: z.string(),
  base: z.number().nullable(),
  ours: z.number().nullable(),
  theirs: z.number().nullable(),
  counts: ChangeCounts.describe("The changes that the merge would make to main."),
  conflictCount: z.number(),
  conflicts: z.array(MergeConflict).describe("At most 200."),
  isApproved: z
    .boolean()
    .describe("Whether the branch's newest version has been approved, without which nothing is merged."),
  mayApprove: z
    .boolean()
    .describe("Whether the caller is a person who did not change the branch, and therefore can approve it."),
});
export type MergePreview = z.infer<typeof MergePreview>;

/** Which items of a draft a change is for. */
export const ItemSelection = z.union([
  z.strictObject({ itemIds: z.array(ItemId).min(1).max(10_000) }),
  z.strictObject({ filter: z.string().max(2_000).describe("A filter. Empty for all items.") }),
]);
export type ItemSelection = z.output<typeof ItemSelection>;

export const ItemField = z
  .string()
  .max(300)
  .regex(
    /^(expected|(inputs|metadata|expected)\.[^.]+(\.[^.]+)*)$/,
    "write `inputs.KEY`, `metadata.KEY`, `expected` or `expected.KEY`",
  );

export const BulkChange = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("set-field"), field: ItemField, value: z.unknown() }),
  z.strictObject({ kind: z.literal("remove-field"), field: ItemField }),
  z.strictObject({ kind: z.literal("set-split"), split: SplitName.nullable() }),
  z.strictObject({ kind: z.literal("delete") }),
]);
export type BulkChange = z.output<typeof BulkChange>;

/** The response to a change. The change is made immediately, or by a job if the draft is large. */
export const ChangeAnswer = z.object({
  draft: Draft,
  counts: ChangeCounts,
  jobId: z.string().nullable().describe("Set when a job makes the change. The draft is unchanged until the job ends."),
});
export type ChangeAnswer = z.infer<typeof ChangeAnswer>;
