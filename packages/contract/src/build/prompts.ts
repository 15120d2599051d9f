import { z } from "zod";
import { pageOf, Timestamp } from "../pages.ts";

export const PROMPT_TYPES = ["text", "chat"] as const;
export const PROMPT_FORMATS = ["mustache", "liquid", "jinja"] as const;
export type PromptFormat = (typeof PROMPT_FORMATS)[number];
export const PROMPT_ROLES = ["system", "developer", "user", "assistant", "tool"] as const;
/** The label that is meant where neither a label nor a version is named. */
export const DEFAULT_PROMPT_LABEL = "production";
/** Always names the newest version. It cannot be moved. */
export const LATEST_LABEL = "latest";

const SEGMENT = "[\\p{L}\\p{N}_](?:[\\p{L}\\p{N} ._-]*[\\p{L}\\p{N}_-])?";
/** A prompt's name; `/` parts folders. */
export const PromptName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(
    new RegExp(`^${SEGMENT}(?:/${SEGMENT})*$`, "u"),
    "use letters, digits, spaces, points, hyphens and underscores, with a slash between folders; begin each with a letter, digit or underscore",
  );
export const PromptLabel = z
  .string()
  .regex(
    /^[a-z0-9](?:[a-z0-9._-]{0,58}[a-z0-9])?$/,
    "use lower-case letters, digits, points, hyphens and underscores, at most 60",
  );
/** A label that can be moved: any but `latest`. */
export const LabelName = PromptLabel.refine(
  (label) => label !== LATEST_LABEL,
  "`latest` always names the newest version and cannot be moved",
);
export const PromptVersionNumber = z.number().int().min(1).max(1_000_000_000);

const template = z.string().max(200_000);
const inputName = z.string().regex(/^[A-Za-z_][\w-]{0,99}$/, "use letters, digits, hyphens and underscores");
/** Any JSON object, such as a JSON Schema or the parameters of a model. */
export const PromptJson = z.record(z.string().max(200), z.unknown());

/** One message of a chat prompt; its text is a template. */
const TemplateMessage = z.strictObject({ role: z.enum(PROMPT_ROLES), content: template });
/** Where a list of messages that comes with the inputs is put, such as the conversation so far. */
const Placeholder = z.strictObject({ placeholder: inputName });
export const PromptMessage = z.union([TemplateMessage, Placeholder]);
export type PromptMessage = z.infer<typeof PromptMessage>;

/** What a request says by itself, so that no default of a prompt may. */
const RESERVED = [
  "model",
  "messages",
  "prompt",
  "input",
  "instructions",
  "system",
  "stream",
  "tools",
  "response_format",
];
export const PromptParameters = PromptJson.refine(
  (given) => Object.keys(given).length <= 60,
  "must have at most 60 entries",
).refine(
  (given) => RESERVED.every((name) => !Object.hasOwn(given, name)),
  `must hold none of ${RESERVED.join(", ")}; they have places of their own`,
);

const settings = {
  format: z.enum(PROMPT_FORMATS).default("mustache"),
  inputs: PromptJson.nullable()
    .default(null)
    .describe("A JSON schema for the object of inputs. Null accepts any inputs."),
  model: z
    .string()
    .trim()
    .min(1)
    .max(300)
    .nullable()
    .default(null)
    .describe("The model that is used when a call names none."),
  parameters: PromptParameters.default({}).describe(
    "Defaults such as temperature and max_tokens. Values in a call override them.",
  ),
  tools: z.array(PromptJson).max(128).default([]).describe("In OpenAI's format."),
  responseFormat: PromptJson.nullable().default(null).describe("In OpenAI's format of `response_format`."),
};
const text = { type: z.literal("text"), template: template.min(1) };
const chat = { type: z.literal("chat"), messages: z.array(PromptMessage).min(1).max(200) };

/** What a version says: everything that its content hash covers. */
export const PromptContent = z.discriminatedUnion("type", [
  z.strictObject({ ...text, ...settings }),
  z.strictObject({ ...chat, ...settings }),
]);
export type PromptContent = z.infer<typeof PromptContent>;

const message = z.string().trim().max(2_000).default("").describe("What changed and why.");
const description = z.string().trim().max(2_000);
const tags = z
  .array(z.string().trim().min(1).max(60))
  .max(40)
  .refine((given) => new Set(given).size === given.length, "must not name a tag twice");
const labels = z.array(LabelName).max(20).default([]).describe("Labels that this version gets immediately.");

const birth = { name: PromptName, description: description.default(""), tags: tags.default([]), message, labels };
/** A prompt with its first version. */
export const PromptInput = z.discriminatedUnion("type", [
  z.strictObject({ ...text, ...settings, ...birth }),
  z.strictObject({ ...chat, ...settings, ...birth }),
]);
export type PromptInput = z.infer<typeof PromptInput>;

const growth = {
  message,
  labels,
  expectedLatest: PromptVersionNumber.optional().describe(
    "The newest version when this version was written. The request is rejected if there is a newer version.",
  ),
};
export const PromptVersionInput = z.discriminatedUnion("type", [
  z.strictObject({ ...text, ...settings, ...growth }),
  z.strictObject({ ...chat, ...settings, ...growth }),
]);
export type PromptVersionInput = z.infer<typeof PromptVersionInput>;

export const PromptPatch = z.strictObject({
  description: description.optional(),
  tags: tags.optional(),
  isArchived: z.boolean().optional().describe("An archived prompt can still be used. Lists do not show it."),
});
export type PromptPatch = z.infer<typeof PromptPatch>;

const LabelPlace = z.object({
  label: z.string(),
  version: z.number(),
  isProtected: z.boolean(),
  movedAt: Timestamp,
  movedBy: z.string(),
});

/** A prompt without its texts. */
export const Prompt = z.object({
  promptId: z.string(),
  name: z.string(),
  folder: z.string().describe("The folder. Empty for the top level."),
  type: z.enum(PROMPT_TYPES),
  description: z.string(),
  tags: z.array(z.string()),
  labels: z.array(LabelPlace).describe("Label names, without `latest`."),
  protectedLabels: z
    .array(z.string())
    .describe("Labels that require `prompts:protect` to be moved, whether they are set or not."),
  latestVersion: z.number(),
  isArchived: z.boolean(),
  createdBy: z.string().describe("The name of the person or of the API key."),
  createdAt: Timestamp,
  updatedBy: z.string(),
  updatedAt: Timestamp.describe("When a version, a label or the description last changed."),
});
export type Prompt = z.infer<typeof Prompt>;

const versionFacts = {
  promptId: z.string(),
  name: z.string(),
  version: z.number(),
  labels: z.array(z.string()).describe("The labels that name this version, including `latest`."),
  message: z.string(),
  author: z.string(),
  createdAt: Timestamp,
  contentHash: z.string().describe("SHA-256 of the content as written, in lower-case hexadecimal digits."),
};
const writtenSettings = {
  format: z.enum(PROMPT_FORMATS),
  inputs: PromptJson.nullable(),
  model: z.string().nullable(),
  parameters: PromptJson,
  tools: z.array(PromptJson),
  responseFormat: PromptJson.nullable(),
};
const textVersion = { type: z.literal("text"), template: z.string(), ...writtenSettings, ...versionFacts };
const chatVersion = { type: z.literal("chat"), messages: z.array(PromptMessage), ...writtenSettings, ...versionFacts };
export const PromptVersion = z.discriminatedUnion("type", [z.object(textVersion), z.object(chatVersion)]);
export type PromptVersion = z.infer<typeof PromptVersion>;

const isNew = z.boolean().describe("False if the newest version has the same content, so no version was created.");
export const SavedPromptVersion = z.discriminatedUnion("type", [
  z.object({ ...textVersion, isNew }),
  z.object({ ...chatVersion, isNew }),
]);
export type SavedPromptVersion = z.infer<typeof SavedPromptVersion>;

export const IncludedPrompts = z
  .record(z.string(), z.number())
  .describe("The version of each included prompt, by `name@label` or `name@version` as requested.");
/** A version to be used: its includes are put in, unless they were asked to stay. */
export const UsablePrompt = z.discriminatedUnion("type", [
  z.object({ ...textVersion, included: IncludedPrompts }),
  z.object({ ...chatVersion, included: IncludedPrompts }),
]);
export type UsablePrompt = z.infer<typeof UsablePrompt>;

/** Which version: one by its number, or the one a label names; `production` when neither is given. */
export const PromptChoice = z.object({
  label: PromptLabel.optional(),
  version: z.coerce.number().int().min(1).max(1_000_000_000).optional(),
});

const Inputs = PromptJson.default({});
/** A stored prompt, filled in, as part of a request to a model. */
export const PromptUse = z.strictObject({
  name: PromptName,
  label: PromptLabel.nullish(),
  version: PromptVersionNumber.nullish(),
  inputs: Inputs,
});
export type PromptUse = z.infer<typeof PromptUse>;
export const RenderInput = z.strictObject({
  label: PromptLabel.optional(),
  version: PromptVersionNumber.optional(),
  inputs: Inputs,
});
export type RenderInput = z.infer<typeof RenderInput>;

export const RenderedPrompt = z.object({
  name: z.string(),
  version: z.number().nullable().describe("Null for an unsaved draft."),
  text: z.string().nullable().describe("The text of a text prompt. Null for a chat prompt."),
  messages: z
    .array(z.looseObject({ role: z.string() }))
    .describe("In OpenAI's format. A text prompt is one message of the user."),
  model: z.string().nullable(),
  parameters: PromptJson,
  tools: z.array(PromptJson),
  responseFormat: PromptJson.nullable(),
});
export type RenderedPrompt = z.infer<typeof RenderedPrompt>;

export const LabelMove = z.strictObject({
  version: PromptVersionNumber,
  expectedVersion: PromptVersionNumber.nullable()
    .optional()
    .describe(
      "The version that the caller saw the label at, or null for none. The request is rejected if the label has moved.",
    ),
  message: z.string().trim().max(2_000).default(""),
});
export type LabelMove = z.infer<typeof LabelMove>;

export const LabelChange = z.object({
  label: z.string(),
  fromVersion: z.number().nullable().describe("Null if the label was new."),
  toVersion: z.number().nullable().describe("Null if the label was removed."),
  kind: z.enum(["move", "rollback", "remove"]),
  message: z.string(),
  movedBy: z.string(),
  movedAt: Timestamp,
});
export type LabelChange = z.infer<typeof LabelChange>;

const DiffLine = z.object({ kind: z.enum(["same", "removed", "added"]), text: z.string() });
export const PromptDiff = z.object({
  name: z.string(),
  from: z.number(),
  to: z.number(),
  isSame: z.boolean(),
  fields: z
    .array(
      z.object({
        field: z.string().describe("Such as `template`, `messages[1].content`, `parameters.temperature`."),
        change: z.enum(["added", "removed", "changed"]),
        lines: z.array(DiffLine).describe("The whole field, line by line. A value that is not text is shown as JSON."),
      }),
    )
    .describe("Only fields that differ."),
});
export type PromptDiff = z.infer<typeof PromptDiff>;

export const PromptComment = z.object({
  commentId: z.string(),
  version: z.number().nullable().describe("Null for a comment on the prompt as a whole."),
  text: z.string(),
  author: z.object({ actorId: z.string(), name: z.string() }),
  isOwn: z.boolean(),
  createdAt: Timestamp,
  editedAt: Timestamp.nullable(),
});
export type PromptComment = z.infer<typeof PromptComment>;

/** The versions that were used in a period, newest first. */
export const PromptStats = pageOf(
  z.object({
    version: z.number(),
    requests: z.number(),
    errors: z.number(),
    costUsd: z.number().nullable().describe("Of all requests together; null when no price is known."),
    inputTokens: z.number(),
    outputTokens: z.number(),
    latencyP50Ms: z.number().nullable(),
    latencyP95Ms: z.number().nullable(),
    timeToFirstTokenP50Ms: z.number().nullable(),
    lastUsedAt: Timestamp.nullable(),
    scores: z.array(
      z.object({ name: z.string(), mean: z.number(), standardError: z.number().nullable(), n: z.number() }),
    ),
  }),
).extend({ from: Timestamp, to: Timestamp });
export type PromptStats = z.infer<typeof PromptStats>;

const use = { requests: z.number(), lastUsedAt: Timestamp };
export const PromptUses = z.object({
  from: Timestamp,
  to: Timestamp,
  prompts: z
    .array(z.object({ name: z.string(), version: z.number(), include: z.string(), isCurrent: z.boolean() }))
    .describe("Prompts that include this prompt. The newest version and labeled versions count as current."),
  endpoints: z.array(z.object({ endpoint: z.string(), ...use })),
  services: z.array(z.object({ service: z.string(), ...use })),
  traces: z
    .array(z.object({ traceId: z.string(), spanId: z.string(), version: z.string(), time: Timestamp }))
    .describe("The newest calls."),
});
export type PromptUses = z.infer<typeof PromptUses>;
