import { z } from "zod";
import { Name, Timestamp } from "./pages.ts";

/** How far an item may go. */
export const ITEM_LIMITS = { bytes: 16 * 1024 * 1024, depth: 64, keys: 10_000 } as const;

export const SOURCE_KINDS = ["manual", "file", "trace", "feedback", "synthetic"] as const;
export type SourceKind = (typeof SOURCE_KINDS)[number];

/** Where an item came from. It is carried along and shown, and is no part of what makes two items the same. */
export const Source = z.strictObject({
  kind: z.enum(SOURCE_KINDS),
  file: z.string().max(500).optional().describe("The file's name."),
  line: z.number().int().min(0).optional().describe("The line of the file, counted from one."),
  traceId: z.string().max(64).optional(),
  spanId: z.string().max(64).optional(),
  model: z.string().max(300).optional().describe("The model that wrote it."),
  jobId: z.string().max(80).optional(),
});
export type Source = z.infer<typeof Source>;

export const ItemId = z
  .string()
  .regex(/^[\w.:@/+=-]{1,200}$/, "use letters, digits and . _ : @ / + = -, at most 200 characters");
export const SplitName = z.string().regex(/^[\w.-]{1,60}$/, "use letters, digits, dots, hyphens and underscores");

const JsonObject = z.record(z.string(), z.unknown());

/** One example: what goes in, what should come out (null when nobody said), and what is known about it. */
export const Item = z.object({
  itemId: ItemId,
  inputs: JsonObject,
  expected: z.unknown().describe("Null when there is no expected answer."),
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
  position: z.number().describe("Its place among all items, from zero."),
  rowHash: z.string().describe("SHA-256 over what it says, its id and its split; the source is left out."),
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
    "A version's number, its root, a tag, a branch for its newest version, `draft` for the draft of main or `draft:BRANCH` for another's.",
  );

export const FieldType = z.enum(["string", "number", "boolean", "array", "object", "null", "mixed"]);

/** What is counted when items are written. */
export const DatasetStats = z.object({
  rows: z.number(),
  bytes: z.number().describe("Of the items as JSON."),
  splits: z.array(z.object({ split: z.string().nullable(), rows: z.number() })),
  sources: z.array(z.object({ kind: z.enum(SOURCE_KINDS), rows: z.number() })),
  fields: z
    .array(z.object({ field: z.string(), type: FieldType, rows: z.number() }))
    .describe("Such as `inputs.question`, `expected` and `metadata.topic`, with how many items have it; at most 200."),
  labels: z
    .array(z.object({ label: z.string(), rows: z.number() }))
    .nullable()
    .describe("How often each expected answer occurs when they are few short words, such as classes; otherwise null."),
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
  summary: z.string().describe("What was done, for a person."),
  counts: ChangeCounts,
  recipe: z
    .unknown()
    .describe("What would do the same again, such as the steps of a curation; null when there is none."),
  author: z.string(),
  createdAt: Timestamp,
});
export type DraftStep = z.infer<typeof DraftStep>;

/** The work on a branch that is no version yet. Every branch has one; without steps it equals the branch's newest version. */
export const Draft = z.object({
  branch: z.string(),
  revision: z.number().describe("Grows with every change. A change that names an older one is refused."),
  base: z.number().nullable().describe("The number of the version it starts from; null when there is none yet."),
  rows: z.number(),
  steps: z.array(DraftStep).describe("Oldest first, those that were undone at the end."),
  applied: z.number().describe("How many of the steps count; the rest were undone and can be redone."),
  isDirty: z.boolean().describe("Whether there is anything to commit."),
  updatedAt: Timestamp.nullable(),
});
export type Draft = z.infer<typeof Draft>;

/** An immutable state of the items. */
export const DatasetVersion = z.object({
  number: z.number(),
  root: z.string().describe("The Merkle root over the rows: the same items in the same order have the same root."),
  branch: z.string(),
  parent: z.number().nullable(),
  mergedFrom: z.number().nullable().describe("The version of another branch that was merged in."),
  message: z.string(),
  author: z.string(),
  createdAt: Timestamp,
  stats: DatasetStats,
  steps: z.array(DraftStep).describe("The changes it is made of, with the recipes."),
  tags: z.array(z.string()),
  indexedRows: z.number().describe("Items that filters can find by now."),
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
  rows: z.number().describe("Of main's newest version; of its draft while there is none."),
  latestVersion: z.number().nullable().describe("Main's newest version."),
  branches: z.number(),
  versions: z.number(),
  hasDraft: z.boolean().describe("Whether main's draft has anything to commit."),
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
  version: z.number().describe("The branch's version that was looked at. A newer one needs a review of its own."),
  createdAt: Timestamp,
});
export type BranchReview = z.infer<typeof BranchReview>;

export const Branch = z.object({
  name: z.string(),
  version: z.number().nullable().describe("Its newest version."),
  base: z.number().nullable().describe("The version it was made from."),
  rows: z.number(),
  hasDraft: z.boolean(),
  review: BranchReview.nullable().describe("The latest review."),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type Branch = z.infer<typeof Branch>;

export const FieldChange = z.object({
  field: z.string().describe("Such as `inputs.question` or `split`."),
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
  fields: z.array(FieldChange).describe("What differs in a changed item."),
});
export type DiffItem = z.infer<typeof DiffItem>;

export const CONFLICT_SIDES = ["ours", "theirs"] as const;
/** An item that both sides changed since they parted, each in its own way. */
export const MergeConflict = z.object({
  itemId: z.string(),
  base: Item.nullable(),
  ours: Item.nullable().describe("As main has it; null when main removed it."),
  theirs: Item.nullable().describe("As the branch has it; null when the branch removed it."),
});
export type MergeConflict = z.infer<typeof MergeConflict>;

export const MergePreview = z.object({
  branch: z.string(),
  into: z.string(),
  base: z.number().nullable(),
  ours: z.number().nullable(),
  theirs: z.number().nullable(),
  counts: ChangeCounts.describe("What the merge would do to main."),
  conflictCount: z.number(),
  conflicts: z.array(MergeConflict).describe("At most 200."),
  isApproved: z
    .boolean()
    .describe("Whether the branch's newest version has been approved, without which nothing is merged."),
});
export type MergePreview = z.infer<typeof MergePreview>;

/** Which items of a draft a change is for. */
export const ItemSelection = z.union([
  z.strictObject({ itemIds: z.array(ItemId).min(1).max(10_000) }),
  z.strictObject({ filter: z.string().max(2_000).describe("Empty for all items.") }),
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

/** The answer of a change: made at once, or by a job when the draft is large. */
export const ChangeAnswer = z.object({
  draft: Draft,
  counts: ChangeCounts,
  jobId: z.string().nullable().describe("Set when a job makes the change; the draft is then still as it was."),
});
export type ChangeAnswer = z.infer<typeof ChangeAnswer>;
