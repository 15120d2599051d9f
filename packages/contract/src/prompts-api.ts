import { z } from "zod";
import { Done, PageQuery, pageOf } from "./pages.ts";
import {
  LabelChange,
  LabelMove,
  LabelName,
  Prompt,
  PromptChoice,
  PromptComment,
  PromptContent,
  PromptDiff,
  PromptInput,
  PromptLabel,
  PromptName,
  PromptPatch,
  PromptStats,
  PromptUses,
  PromptVersion,
  PromptVersionInput,
  RenderedPrompt,
  RenderInput,
  SavedPromptVersion,
  UsablePrompt,
} from "./prompts.ts";
import { defineApi } from "./route.ts";

export * from "./prompts.ts";

const version = z.coerce.number().int().min(1).max(1_000_000_000);
const params = z.object({ name: PromptName.describe("A slash in it is sent as %2F.") });
const labelParams = params.extend({ label: LabelName });
const commentParams = z.object({ commentId: z.string().max(100) });
const comment = z
  .string()
  .trim()
  .min(1)
  .max(20_000)
  .describe("Markdown. Shown as inert text: it loads nothing from elsewhere.");
const time = z.iso.datetime({ offset: true });
const period = z.object({
  from: time.optional().describe("Thirty days before `to` when left out."),
  to: time.optional().describe("Now when left out."),
});
const LangfuseMeta = z.looseObject({ name: z.string() });

export const promptsApi = defineApi({
  "GET /api/v1/prompts": {
    name: "listPrompts",
    summary: "Prompts by name, without their texts",
    permission: "prompts:read",
    query: PageQuery.extend({
      search: z.string().trim().max(200).optional().describe("In names, descriptions and the newest texts."),
      folder: z.string().max(200).optional().describe("With the folders below it."),
      tag: z.string().max(60).optional(),
      label: PromptLabel.optional().describe("Only prompts that have it."),
      archived: z.enum(["exclude", "only", "include"]).default("exclude"),
    }),
    response: pageOf(Prompt),
  },
  "GET /api/v1/prompt-folders": {
    name: "listPromptFolders",
    summary: "The folders and tags of the prompts that are not archived, and how many prompts each holds",
    permission: "prompts:read",
    response: z.object({
      folders: z.array(z.object({ folder: z.string(), promptCount: z.number() })),
      tags: z.array(z.object({ tag: z.string(), promptCount: z.number() })),
    }),
  },
  "POST /api/v1/prompts": {
    name: "createPrompt",
    summary: "Make a prompt with its first version",
    permission: "prompts:write",
    body: PromptInput,
    response: Prompt,
    status: 201,
  },
  "GET /api/v1/prompts/:name": {
    name: "getPrompt",
    summary: "The version to use, by label or number, with its includes put in; answers If-None-Match with 304",
    permission: "prompts:read",
    params,
    query: PromptChoice.extend({
      includes: z.enum(["resolve", "keep"]).default("resolve").describe("`keep` gives the text as it was written."),
    }),
    response: UsablePrompt,
  },
  "GET /api/v1/prompts/:name/details": {
    name: "getPromptDetails",
    summary: "What a prompt is beside its texts: labels, tags, protection",
    permission: "prompts:read",
    params,
    response: Prompt,
  },
  "PATCH /api/v1/prompts/:name": {
    name: "updatePrompt",
    summary: "Describe, tag, archive or bring back a prompt",
    permission: "prompts:write",
    params,
    body: PromptPatch,
    response: Prompt,
  },
  "DELETE /api/v1/prompts/:name": {
    name: "deletePrompt",
    summary: "Delete a prompt with all its versions; refused while another prompt includes it",
    permission: "prompts:write",
    params,
    response: Done,
  },
  "GET /api/v1/prompts/:name/versions": {
    name: "listPromptVersions",
    summary: "The versions of a prompt as they were written, newest first",
    permission: "prompts:read",
    params,
    query: PageQuery,
    response: pageOf(PromptVersion),
  },
  "POST /api/v1/prompts/:name/versions": {
    name: "createPromptVersion",
    summary: "Add a version; a text equal to the newest version's makes none",
    permission: "prompts:write",
    params,
    body: PromptVersionInput,
    response: SavedPromptVersion,
    status: 201,
  },
  "GET /api/v1/prompts/:name/versions/:version": {
    name: "getPromptVersion",
    summary: "One version as it was written",
    permission: "prompts:read",
    params: params.extend({ version }),
    response: PromptVersion,
  },
  "PUT /api/v1/prompts/:name/labels/:label": {
    name: "movePromptLabel",
    summary: "Set or move a label; with `expectedVersion`, only from where it was seen",
    permission: "prompts:write",
    params: labelParams,
    body: LabelMove,
    response: Prompt,
  },
  "DELETE /api/v1/prompts/:name/labels/:label": {
    name: "removePromptLabel",
    summary: "Take a label away",
    permission: "prompts:write",
    params: labelParams,
    query: z.object({ expectedVersion: version.optional() }),
    response: Prompt,
  },
  "POST /api/v1/prompts/:name/labels/:label/rollback": {
    name: "rollBackPromptLabel",
    summary: "Move a label back to the version it named before",
    permission: "prompts:write",
    params: labelParams,
    body: z.strictObject({
      expectedVersion: z.number().int().min(1).optional(),
      message: z.string().trim().max(2_000).default(""),
    }),
    response: Prompt,
  },
  "GET /api/v1/prompts/:name/label-history": {
    name: "listPromptLabelHistory",
    summary: "Every move of the prompt's labels, newest first",
    permission: "prompts:read",
    params,
    query: PageQuery.extend({ label: PromptLabel.optional() }),
    response: pageOf(LabelChange),
  },
  "PUT /api/v1/prompts/:name/protected-labels": {
    name: "protectPromptLabels",
    summary: "Say which labels need `prompts:protect` to be moved",
    permission: "prompts:protect",
    params,
    body: z.strictObject({
      labels: z
        .array(LabelName)
        .max(20)
        .refine((labels) => new Set(labels).size === labels.length, "must not name a label twice"),
    }),
    response: Prompt,
  },
  "GET /api/v1/prompts/:name/diff": {
    name: "diffPromptVersions",
    summary: "What differs between two versions, field by field and line by line",
    permission: "prompts:read",
    params,
    query: z.object({ from: version, to: version }),
    response: PromptDiff,
  },
  "POST /api/v1/prompts/:name/render": {
    name: "renderPrompt",
    summary: "A version with inputs put in; wrong inputs are refused with the place of each",
    permission: "prompts:read",
    params,
    body: RenderInput,
    response: RenderedPrompt,
  },
  "POST /api/v1/prompt-previews": {
    name: "previewPrompt",
    summary: "A text that is not saved, checked and with inputs put in",
    permission: "prompts:read",
    body: z.strictObject({ content: PromptContent, inputs: z.record(z.string().max(200), z.unknown()).default({}) }),
    response: RenderedPrompt,
  },
  "GET /api/v1/prompts/:name/stats": {
    name: "getPromptStats",
    summary: "Requests, cost, latency, tokens and scores of each version that was used",
    permission: "prompts:read",
    params,
    query: period,
    response: PromptStats,
  },
  "GET /api/v1/prompts/:name/used-by": {
    name: "getPromptUses",
    summary: "The prompts, endpoints, services and newest calls that use a prompt",
    permission: "prompts:read",
    params,
    query: period,
    response: PromptUses,
  },
  "GET /api/v1/prompts/:name/comments": {
    name: "listPromptComments",
    summary: "The comments on a prompt, oldest first",
    permission: "prompts:read",
    params,
    query: PageQuery.extend({ version: version.optional() }),
    response: pageOf(PromptComment),
  },
  "POST /api/v1/prompts/:name/comments": {
    name: "createPromptComment",
    summary: "Comment on a prompt, or on one version of it",
    permission: "prompts:write",
    params,
    body: z.strictObject({ version: z.number().int().min(1).nullable().default(null), text: comment }),
    response: PromptComment,
    status: 201,
  },
  "PATCH /api/v1/prompt-comments/:commentId": {
    name: "updatePromptComment",
    summary: "Change the text of one's own comment",
    permission: "prompts:write",
    params: commentParams,
    body: z.strictObject({ text: comment }),
    response: PromptComment,
  },
  "DELETE /api/v1/prompt-comments/:commentId": {
    name: "deletePromptComment",
    summary: "Delete one's own comment; who may change members may delete any",
    permission: "prompts:write",
    params: commentParams,
    response: Done,
  },
  "GET /api/public/v2/prompts": {
    name: "listLangfusePrompts",
    summary: "Prompts in the shape that Langfuse's SDKs read",
    permission: "prompts:read",
    query: z.object({
      name: z.string().max(200).optional(),
      label: z.string().max(60).optional(),
      tag: z.string().max(60).optional(),
      page: z.coerce.number().int().min(1).max(100_000).default(1),
      limit: z.coerce.number().int().min(1).max(200).default(50),
    }),
    response: z.looseObject({
      data: z.array(LangfuseMeta),
      meta: z.object({ page: z.number(), limit: z.number(), totalItems: z.number(), totalPages: z.number() }),
    }),
  },
  "GET /api/public/v2/prompts/:name": {
    name: "getLangfusePrompt",
    summary: "One version of a prompt in the shape that Langfuse's SDKs read",
    permission: "prompts:read",
    params,
    query: z.object({ label: PromptLabel.optional(), version: version.optional() }),
    response: z.looseObject({ name: z.string(), version: z.number(), type: z.string() }),
  },
});
