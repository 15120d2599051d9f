import { z } from "zod";
import { Name, Timestamp } from "../../pages.ts";
import { MAX_PRINCIPALS, Principal } from "./documents.ts";

/** The source of uploaded files exists in each base with uploads. The other kinds are created, and synchronised. */
export const KNOWLEDGE_SOURCE_KINDS = ["folder", "web", "git", "s3"] as const;
export const KnowledgeSourceKind = z.enum(KNOWLEDGE_SOURCE_KINDS);
export type KnowledgeSourceKind = z.output<typeof KnowledgeSourceKind>;

export const KNOWLEDGE_SOURCE_STATES = ["idle", "running", "held", "failed"] as const;
export const KnowledgeSourceState = z.enum(KNOWLEDGE_SOURCE_STATES);
export type KnowledgeSourceState = z.output<typeof KnowledgeSourceState>;

const patterns = z
  .array(
    z
      .string()
      .trim()
      .min(1)
      .max(300)
      .regex(/^[^\0\n]+$/, "write one line"),
  )
  .max(50);

/** One line without control characters. */
const line = (max: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(max)
    .regex(/^[^\0\n\r\t]+$/, "write one line");
const webAddress = z.url({ protocol: /^https?$/ }).max(2_000);
const secret = z
  .string()
  .trim()
  .min(1)
  .max(8_000)
  .regex(/^[\x21-\x7e]+$/, "must be printable characters without spaces");

/** The settings of one kind each. */
const kindSettings = {
  folder: line(1_000).describe(
    "`folder`: an absolute path on the server, below a folder of TREADLE_KNOWLEDGE_FOLDERS.",
  ),
  addresses: z
    .array(webAddress)
    .max(20)
    .describe("`web`: the addresses at which the crawl starts. They can be pages or sitemaps."),
  hosts: z
    .array(line(255))
    .max(20)
    .describe("`web`: further hosts that the crawl may enter. The hosts of `addresses` are always allowed."),
  maxDepth: z.number().int().min(0).max(20).describe("`web`: the most links from a start address to a page."),
  maxPages: z.number().int().min(1).max(20_000).describe("`web`: the most pages that a sync requests."),
  delayMs: z
    .number()
    .int()
    .min(0)
    .max(60_000)
    .describe("`web`: the least time between two requests. A longer Crawl-delay of robots.txt takes precedence."),
  usesSitemap: z.boolean().describe("`web`: whether the sitemaps that robots.txt names, or /sitemap.xml, are read."),
  repository: line(1_000).describe("`git`: the https address of the repository."),
  branch: line(250).describe("`git`: the branch or tag. The default branch if omitted."),
  subfolder: line(1_000).describe("`git`: only files below this folder of the repository."),
  endpoint: webAddress.describe("`s3`: the address of the store, such as https://s3.eu-central-1.amazonaws.com."),
  region: line(100).describe("`s3`: the region of the signature. `us-east-1` if omitted."),
  bucket: line(255).describe("`s3`: the bucket."),
  prefix: line(1_000).describe("`s3`: only objects whose key begins with this prefix."),
  accessKeyId: line(300).describe("`s3`: the id of the access key. Omit it for a public bucket."),
};

const shared = {
  name: Name,
  principals: z.array(Principal).max(MAX_PRINCIPALS).describe("Who may find its documents. Nobody if empty."),
  include: patterns.describe(
    "Glob patterns of the paths to read, such as `docs/**/*.md`. All if empty. `*` stays within a folder, `**` does not.",
  ),
  exclude: patterns.describe("Glob patterns of the paths to leave out. They take precedence over `include`."),
  everySeconds: z
    .number()
    .int()
    .min(300)
    .max(31 * 86_400)
    .nullable()
    .describe("The time between two syncs. Null: only when requested."),
  isEnabled: z.boolean().describe("Whether the schedule runs."),
  shrinkLimit: z
    .number()
    .min(0)
    .max(1)
    .describe(
      "The largest share of its documents that a sync deletes without approval, from 0 to 1. With 1, all deletions are made.",
    ),
};

const secrets = {
  token: secret.describe("`git`: an access token. Encrypted, and never returned."),
  secretAccessKey: secret.describe("`s3`: the secret of the access key. Encrypted, and never returned."),
};

const optionalSettings = z.strictObject(kindSettings).partial().shape;

export const KnowledgeSourceInput = z.strictObject({
  name: shared.name,
  kind: KnowledgeSourceKind,
  principals: shared.principals.default(["public"]),
  include: shared.include.default([]),
  exclude: shared.exclude.default([]),
  everySeconds: shared.everySeconds.default(null),
  isEnabled: shared.isEnabled.default(true),
  shrinkLimit: shared.shrinkLimit.default(0.5),
  ...optionalSettings,
  token: secrets.token.optional(),
  secretAccessKey: secrets.secretAccessKey.optional(),
});
export type KnowledgeSourceInput = z.output<typeof KnowledgeSourceInput>;

/** The kind does not change. An omitted setting keeps its value. */
export const KnowledgeSourcePatch = z.strictObject({
  ...z.strictObject(shared).partial().shape,
  ...optionalSettings,
  branch: kindSettings.branch.nullable().optional().describe("`git`: null is the default branch."),
  subfolder: kindSettings.subfolder.nullable().optional().describe("`git`: null is the whole repository."),
  region: kindSettings.region.nullable().optional().describe("`s3`: null is `us-east-1`."),
  prefix: kindSettings.prefix.nullable().optional().describe("`s3`: null is the whole bucket."),
  accessKeyId: kindSettings.accessKeyId.nullable().optional().describe("`s3`: null is a public bucket."),
  token: secrets.token.nullable().optional().describe("`git`: null removes the stored token."),
  secretAccessKey: secrets.secretAccessKey.nullable().optional().describe("`s3`: null removes the stored secret."),
});
export type KnowledgeSourcePatch = z.output<typeof KnowledgeSourcePatch>;

export const KnowledgeSyncFailure = z.object({ path: z.string(), message: z.string() });

/** The result of a sync that has ended. */
export const KnowledgeSync = z.object({
  startedAt: Timestamp,
  endedAt: Timestamp,
  added: z.number(),
  changed: z.number(),
  deleted: z.number(),
  unchanged: z.number(),
  failed: z.number().describe("Entries that could not be read. The next sync tries them again."),
  failures: z.array(KnowledgeSyncFailure).describe("The first 20 of them, with the reasons."),
  warnings: z.array(z.string()).describe("Why vanished documents were not deleted, and other notes."),
  error: z.string().nullable().describe("Why the listing ended early. Nothing was deleted then."),
});
export type KnowledgeSync = z.output<typeof KnowledgeSync>;

export const KnowledgeSource = z.object({
  sourceId: z.string(),
  kind: z.string().describe("`upload`, `folder`, `web`, `git` or `s3`."),
  ...shared,
  principals: z.array(z.string()),
  ...z.object(kindSettings).partial().shape,
  hasSecret: z.boolean(),
  state: KnowledgeSourceState,
  documents: z.number(),
  heldDeletions: z
    .number()
    .describe("Documents that the source no longer has, and that wait for an approval. 0 unless the state is `held`."),
  lastSync: KnowledgeSync.nullable(),
  nextSyncAt: Timestamp.nullable(),
  jobId: z.string().nullable().describe("The job of the running or last sync."),
  createdBy: z.string(),
  createdAt: Timestamp,
  updatedAt: Timestamp,
});
export type KnowledgeSource = z.output<typeof KnowledgeSource>;
