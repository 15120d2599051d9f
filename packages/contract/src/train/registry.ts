import { z } from "zod";
import { pageOf, Timestamp } from "../pages.ts";
import { MODEL_FORMATS, MODEL_STAGES, STAGE_REQUEST_STATES } from "./registry-words.ts";
import { PromptTemplate } from "./training-prompt.ts";

/** The name of a model is what requests ask the gateway for, so it is short and plain. */
export const ModelName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,99}$/, "Use at most 100 small letters, digits, dots, dashes and underscores.");
/** Never a number, so that `name@3` is always a version. */
export const ModelAlias = z
  .string()
  .regex(/^(?!v?\d+$)[a-z][a-z0-9._-]{0,59}$/, "Use at most 60 small letters, digits, dots, dashes and underscores.");
/** A version as people name it. */
export const ModelVersionRef = z
  .string()
  .max(80)
  .describe("A number such as `3` or `v3`, or an alias such as `production`.");
export const ModelTags = z
  .record(z.string().min(1).max(80), z.string().max(500))
  .refine((tags) => Object.keys(tags).length <= 50, "A model has at most 50 tags.");

export const ModelFile = z.object({
  path: z.string().describe("The path within the version, with slashes."),
  sizeBytes: z.number(),
  sha256: z.string(),
});
export type ModelFile = z.infer<typeof ModelFile>;

/** What the scan of the files found. A version never holds a file that was refused. */
export const ScanFinding = z.object({
  path: z.string(),
  level: z.enum(["refused", "left out", "warning", "checked"]),
  message: z.string().describe("A description of the file, or the problem and how to fix it."),
});
export type ScanFinding = z.infer<typeof ScanFinding>;

/** What the headers of the files say. */
export const ModelFacts = z.object({
  architecture: z.string().nullable(),
  parameters: z.number().nullable().describe("The number of weights. For an adapter, only the adapter's weights."),
  quantisation: z.string().nullable().describe("The most frequent weight type, such as `Q4_1` or `F32`."),
  contextTokens: z.number().nullable().describe("The context length with which it was trained."),
  rank: z.number().nullable().describe("For an adapter."),
  alpha: z.number().nullable().describe("For an adapter."),
  license: z.string().nullable(),
});
export type RegistryModelFacts = z.infer<typeof ModelFacts>;

/** What an adapter goes over: a version of the registry, or a model of this machine. */
export const ModelBase = z.object({
  ref: z.string().describe("For example `support-bot@v2` or `local:smollm2-135m-instruct`, as specified."),
  hash: z.string().nullable().describe("SHA-256 of the base's GGUF file, or of its list of files."),
  version: z.object({ name: z.string(), version: z.number() }).nullable().describe("Its version in the registry."),
});
export type ModelBase = z.infer<typeof ModelBase>;

/** A model that a provider stores and that a connection of the project reaches. */
export const RemoteModel = z.object({
  connection: z.string().describe("The slug of the connection."),
  model: z.string().describe("The provider's name of the model."),
});
export type RemoteModel = z.infer<typeof RemoteModel>;

/** Rows that a version was trained on. */
export const ModelData = z.object({
  ref: z.string(),
  datasetId: z.string().nullable(),
  version: z.string().nullable(),
  root: z.string().nullable().describe("The Merkle root of the rows."),
  rows: z.number().nullable(),
  prompt: PromptTemplate.nullish().describe("The message templates for its items. Null for items that are chats."),
  target: z.string().nullish().describe("The field of its items that contains the answer. Null for `expected`."),
});
export type ModelData = z.infer<typeof ModelData>;

/** How a training run made a version. */
export const ModelTraining = z.object({
  method: z.string(),
  hyperparameters: z
    .record(z.string(), z.union([z.string(), z.number()]))
    .describe("By their names in the run's configuration."),
  chatTemplate: z.string().describe("A name, or the text of a Jinja template."),
  versions: z.record(z.string(), z.string()).describe("The versions of Python and of the training libraries."),
});
export type ModelTraining = z.infer<typeof ModelTraining>;

/** A number of an evaluation, with its interval and its base where there is one. */
export const ModelScore = z.object({
  name: z.string().max(200),
  value: z.number(),
  low: z.number().nullable().describe("The lower end of the 95 % interval of the value itself."),
  high: z.number().nullable(),
  baseline: z.number().nullable(),
  difference: z
    .object({ value: z.number(), low: z.number().nullable(), high: z.number().nullable() })
    .nullish()
    .describe(
      "The value minus the base's value, paired by item, with a 95 % interval. Missing in evaluations from older versions of Treadle. There, `low` and `high` are the base's value plus this interval.",
    ),
  pValue: z.number().nullable().describe("The interval of the difference."),
  items: z.number().nullable(),
});
export const ModelEvaluation = z.object({
  verdict: z.enum(["better", "worse", "same", "unclear"]).nullable(),
  summary: z.string().max(2_000),
  experimentId: z.string().nullable(),
  scores: z.array(ModelScore).max(200),
});
export type ModelEvaluation = z.infer<typeof ModelEvaluation>;

/** How long files of versions stay that no alias, stage, endpoint or adapter needs. Their records stay for ever. */
export const ModelRetention = z.strictObject({
  keepNewest: z
    .number()
    .int()
    .min(1)
    .max(10_000)
    .describe("The number of newest versions that retain their files, however old they are."),
  afterDays: z
    .number()
    .int()
    .min(0)
    .max(3_650)
    .describe("Days since the version was created, or since an alias last moved to or from it."),
});
export type ModelRetention = z.infer<typeof ModelRetention>;
/** The retention of one model: the project's rule, all files forever, or a separate rule. */
export const ModelRetentionChoice = z.union([z.enum(["project", "keep-all"]), ModelRetention]);
export type ModelRetentionChoice = z.infer<typeof ModelRetentionChoice>;

export const RetentionPlan = pageOf(
  z.object({
    name: z.string(),
    version: z.number(),
    sizeBytes: z.number().describe("Of its files. What another version has too stays."),
    unusedSince: Timestamp,
    dueAt: Timestamp.describe("When its files may go."),
    isDue: z.boolean(),
  }),
).extend({
  policy: ModelRetention.nullable().describe("The rule of the project; null keeps all files."),
  dueVersions: z.number(),
  dueBytes: z.number(),
});
export type RetentionPlan = z.infer<typeof RetentionPlan>;

export const RegistrySettings = z.object({
  needsApproval: z.boolean().describe("Whether staging and production need a second person."),
  retention: ModelRetention.nullable().describe("Which files of old versions are removed. Null retains all."),
});

export const ModelVersion = z.object({
  versionId: z.string(),
  name: z.string(),
  version: z.number(),
  format: z.enum(MODEL_FORMATS),
  formats: z.array(z.enum(MODEL_FORMATS)),
  stage: z.enum(MODEL_STAGES),
  aliases: z.array(z.string()),
  facts: ModelFacts,
  base: ModelBase.nullable(),
  data: z.array(ModelData),
  training: ModelTraining.nullable().describe("Null for versions without a training run."),
  runId: z.string().nullable().describe("The training run that created it."),
  source: z.string().describe("The origin of its files, in words."),
  remote: RemoteModel.nullable().describe("Where a provider stores it. Null for a version with files."),
  sizeBytes: z.number(),
  fileCount: z.number(),
  filesRemovedAt: Timestamp.nullable().describe("When retention removed its files. Its record remains."),
  sha256: z.string().describe("A hash of the list of files. Two versions with the same hash have the same files."),
  tags: z.record(z.string(), z.string()),
  notes: z.string().describe("Markdown, shown in the card."),
  limits: z.string().describe("Markdown: unsuitable uses."),
  license: z.string().nullable(),
  licenseFrom: z
    .object({
      said: z.enum(["person", "files", "base"]),
      base: z.string().nullable().describe("The base that has this license, such as `local:smollm2-135m-instruct`."),
    })
    .nullable()
    .describe("The source of the license: a person, the files, or the base. Null while unknown."),
  evaluation: ModelEvaluation.nullable(),
  canServe: z.boolean(),
  whyNot: z.string().nullable().describe("Why this server cannot serve it, in words."),
  pending: z
    .object({
      requestId: z.string(),
      stage: z.enum(MODEL_STAGES),
      note: z.string(),
      proposedBy: z.string(),
      proposedAt: Timestamp,
      isOwn: z.boolean().describe("Whether the caller made the request, and therefore cannot approve it."),
    })
    .nullable()
    .describe("A stage that requires approval."),
  createdBy: z.string(),
  createdAt: Timestamp,
});
export type ModelVersion = z.infer<typeof ModelVersion>;

/** With its files and what their scan found. */
export const WholeModelVersion = ModelVersion.extend({ files: z.array(ModelFile), findings: z.array(ScanFinding) });

export const RegistryModel = z.object({
  name: z.string(),
  description: z.string(),
  tags: z.record(z.string(), z.string()),
  keepVersions: z.number().nullable().describe("The number of newest versions to retain. Null retains all."),
  retention: ModelRetentionChoice,
  aliases: z.array(z.object({ alias: z.string(), version: z.number(), movedAt: Timestamp, movedBy: z.string() })),
  latest: z
    .object({ version: z.number(), format: z.enum(MODEL_FORMATS), stage: z.enum(MODEL_STAGES), sizeBytes: z.number() })
    .nullable(),
  versions: z.number().describe("The total number of versions."),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type RegistryModel = z.infer<typeof RegistryModel>;

/** A model after a move of an alias, which may wait for rollouts. */
export const MovedRegistryModel = RegistryModel.extend({
  deployment: z
    .object({ deploymentId: z.string(), rolloutIds: z.array(z.string()) })
    .nullable()
    .describe("The deployment that moves the alias after its rollouts. Null if the alias has moved."),
});
export type MovedRegistryModel = z.infer<typeof MovedRegistryModel>;

export const AliasMove = z.object({
  alias: z.string(),
  from: z.number().nullable(),
  to: z.number().nullable().describe("Null if the alias was removed."),
  movedBy: z.string(),
  movedAt: Timestamp,
  reason: z.string(),
});
export type AliasMove = z.infer<typeof AliasMove>;

export const StageRequest = z.object({
  requestId: z.string(),
  name: z.string(),
  version: z.number(),
  stage: z.enum(MODEL_STAGES),
  state: z.enum(STAGE_REQUEST_STATES),
  note: z.string(),
  proposedBy: z.string(),
  proposedAt: Timestamp,
  isOwn: z.boolean().describe("Whether the caller made the request, and therefore cannot approve it."),
  decidedBy: z.string().nullable().describe("Null while it waits, and if no second person was required."),
  decidedAt: Timestamp.nullable(),
  decisionNote: z.string(),
});
export type StageRequest = z.infer<typeof StageRequest>;

export const LINEAGE_KINDS = ["dataset", "training-run", "base", "version", "alias", "endpoint", "traces"] as const;
export const LineageNode = z.object({
  id: z.string(),
  kind: z.enum(LINEAGE_KINDS),
  label: z.string(),
  detail: z.string(),
  /** What it names, for a link: a dataset's id, a run's id, a model's name. */
  target: z.string().nullable(),
});
export type LineageNode = z.infer<typeof LineageNode>;
export const ModelLineage = z.object({
  nodes: z.array(LineageNode),
  edges: z.array(z.object({ from: z.string(), to: z.string(), label: z.string() })),
});
export type ModelLineage = z.infer<typeof ModelLineage>;

/** Two versions side by side: what differs. */
export const ModelComparison = z.object({
  left: ModelVersion,
  right: ModelVersion,
  facts: z.array(z.object({ name: z.string(), left: z.string(), right: z.string(), isSame: z.boolean() })),
  files: z.array(
    z.object({
      path: z.string(),
      state: z.enum(["same", "changed", "added", "removed"]),
      leftBytes: z.number().nullable(),
      rightBytes: z.number().nullable(),
    }),
  ),
});
export type ModelComparison = z.infer<typeof ModelComparison>;

/** Who needs a model: the names that requests may ask for, with what answers them, and adapters of other models. */
export const ModelUses = z.object({
  names: z.array(
    z.object({
      name: z.string().describe("The name in gateway requests, such as `support` or `support@production`."),
      version: z.number().nullable().describe("The version that answers. Null while there is no version."),
      whyNot: z.string().nullable().describe("Why it cannot answer, in words."),
      endpoints: z
        .array(z.object({ endpointId: z.string(), name: z.string() }))
        .describe("Endpoints that use this name."),
    }),
  ),
  above: z
    .array(z.object({ name: z.string(), version: z.number(), over: z.number() }))
    .describe("Adapters of other models whose base is a version of this model."),
});
export type ModelUses = z.infer<typeof ModelUses>;

/** What the list of models can be narrowed to. */
export const ModelFilters = z.object({
  tags: z.array(z.object({ key: z.string(), value: z.string() })).describe("Tags of models and of versions, by key."),
  bases: z.array(z.string()),
});
export type ModelFilters = z.infer<typeof ModelFilters>;

/** Files that are being sent to become a version. */
export const ModelUpload = z.object({
  uploadId: z.string(),
  files: z.array(
    z.object({ path: z.string(), sizeBytes: z.number(), receivedParts: z.array(z.number()), parts: z.number() }),
  ),
  expiresAt: Timestamp,
});
export type ModelUpload = z.infer<typeof ModelUpload>;

export const ModelImportInput = z.strictObject({
  name: ModelName.describe("The model that gets the new version. It is created if it does not exist."),
  source: z
    .string()
    .trim()
    .min(1)
    .max(1_000)
    .describe(
      "`hf:owner/repo[@revision]`, `hf:owner/repo/file.gguf[@revision]`, `local:` and a pulled model, `upload:` and its id, or an absolute path on the server below a folder in TREADLE_MODEL_FOLDERS.",
    ),
  base: z
    .string()
    .max(200)
    .optional()
    .describe("The base of an adapter: `name@v3`, `name@alias` or `local:` and a pulled model."),
  leaveOut: z
    .boolean()
    .default(false)
    .describe("Leave out files that are rejected, such as pickles, instead of rejecting the import."),
  license: z.string().max(120).optional(),
  notes: z.string().max(20_000).default(""),
  tags: ModelTags.default({}),
  alias: ModelAlias.optional().describe("An alias that moves to the new version after the import."),
});
export type ModelImportInput = z.output<typeof ModelImportInput>;
