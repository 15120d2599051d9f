import { z } from "zod";
import { MOST_INTEGER } from "../numbers.ts";
import { Done, PageQuery, pageOf } from "../pages.ts";
import { defineApi } from "../route.ts";
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

export * from "./prompts.ts";

const version = z.coerce.number().int().min(1).max(1_000_000_000);
const params = z.object({ name: PromptName.describe("Write a slash in the name as %2F.") });
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
  from: time.optional().describe("Thirty days before `to` if omitted."),
  to: time.optional().describe("Now if omitted."),
});
const LangfuseMeta = z.looseObject({ name: z.string() });

export const promptsApi = defineApi({
  "GET /api/v1/prompts": {
    name: "listPrompts",
    summary: "Prompts by name, without their texts",
    permission: "prompts:read",
    query: PageQuery.extend({
      search: z
        .string()
        .trim()
        .max(200)
        .optional()
        .describe("Text to find in names, descriptions and the newest versions."),
      folder: z.string().max(200).optional().describe("Includes the folders below it."),
      tag: z.string().max(60).optional(),
      label: PromptLabel.optional().describe("Only prompts that have this tag."),
      archived: z.enum(["exclude", "only", "include"]).default("exclude"),
    }),
    response: pageOf(Prompt),
  },
  "GET /api/v1/prompt-folders": {
    name: "listPromptFolders",
    summary: "The folders and tags of prompts that are not archived, with the number of prompts in each",
    permission: "prompts:read",
    response: z.object({
      folders: z.array(z.object({ folder: z.string(), promptCount: z.number() })),
      tags: z.array(z.object({ tag: z.string(), promptCount: z.number() })),
    }),
  },
  "POST /api/v1/prompts": {
    name: "createPrompt",
    summary: "Create a prompt with its first version",
    permission: "prompts:write",
    body: PromptInput,
    example: { name: "support-answer", type: "text", template: "Answer this question: {{question}}" },
    response: Prompt,
    status: 201,
  },
  "GET /api/v1/prompts/:name": {
    name: "getPrompt",
    summary:
      "The version to use, by label or number, with its includes inserted; returns 304 for a matching If-None-Match",
    permission: "prompts:read",
    description: "Without `label` and `version` this returns the version with the label `production`.",
    params,
    query: PromptChoice.extend({
      includes: z.enum(["resolve", "keep"]).default("resolve").describe("`keep` returns the text as it was written."),
    }),
    response: UsablePrompt,
  },
  "GET /api/v1/prompts/:name/details": {
    name: "getPromptDetails",
    summary: "The properties of a prompt: labels, tags, protection",
    permission: "prompts:read",
    params,
    response: Prompt,
  },
  "PATCH /api/v1/prompts/:name": {
    name: "updatePrompt",
    summary: "Change the description, tags or archive state of a prompt",
    permission: "prompts:write",
    params,
    body: PromptPatch,
    response: Prompt,
  },
  "DELETE /api/v1/prompts/:name": {
    name: "deletePrompt",
    summary: "Delete a prompt with all its versions; rejected while another prompt includes it",
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
    summary: "Add a version; no version is created if the text equals the newest version",
    permission: "prompts:write",
    params,
    body: PromptVersionInput,
    example: { type: "text", template: "Answer in one sentence: {{question}}", message: "Ask for short answers" },
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
    summary: "Set or move a label; with `expectedVersion`, only if it is still at that version",
    permission: "prompts:write",
    description: "A protected label also requires the permission `prompts:protect`.",
    params: labelParams,
    body: LabelMove,
    response: Prompt,
  },
  "DELETE /api/v1/prompts/:name/labels/:label": {
    name: "removePromptLabel",
    summary: "Remove a label",
    permission: "prompts:write",
    params: labelParams,
    query: z.object({ expectedVersion: version.optional() }),
    response: Prompt,
  },
  "POST /api/v1/prompts/:name/labels/:label/rollback": {
    name: "rollBackPromptLabel",
    summary: "Move a label back to its previous version",
    permission: "prompts:write",
    params: labelParams,
    body: z.strictObject({
      expectedVersion: z.number().int().min(1).max(MOST_INTEGER).optional(),
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
    summary: "Set which labels require `prompts:protect` to be moved",
    permission: "prompts:protect",
    params,
    body: z.strictObject({
      labels: z
        .array(LabelName)
        .max(20)
        .refine((labels) => new Set(labels).size === labels.length, "must not name a label twice"),
    }),
    example: { labels: ["production"] },
    response: Prompt,
  },
  "GET /api/v1/prompts/:name/diff": {
    name: "diffPromptVersions",
    summary: "The differences between two versions, by field and by line",
    permission: "prompts:read",
    params,
    query: z.object({ from: version, to: version }),
    response: PromptDiff,
  },
  "POST /api/v1/prompts/:name/render": {
    name: "renderPrompt",
    summary: "Render a version with inputs; an error lists each invalid input",
    permission: "prompts:read",
    params,
    body: RenderInput,
    example: { label: "production", inputs: { question: "How do I get a refund?" } },
    response: RenderedPrompt,
  },
  "POST /api/v1/prompt-previews": {
    name: "previewPrompt",
    summary: "Check an unsaved text and render it with inputs",
    permission: "prompts:read",
    body: z.strictObject({ content: PromptContent, inputs: z.record(z.string().max(200), z.unknown()).default({}) }),
    example: {
      content: { type: "text", template: "Answer this question: {{question}}" },
      inputs: { question: "How do I get a refund?" },
    },
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
    body: z.strictObject({
      version: z.number().int().min(1).max(MOST_INTEGER).nullable().default(null),
      text: comment,
    }),
    response: PromptComment,
    status: 201,
  },
  "PATCH /api/v1/prompt-comments/:commentId": {
    name: "updatePromptComment",
    summary: "Change the text of your own comment",
    permission: "prompts:write",
    params: commentParams,
    body: z.strictObject({ text: comment }),
    response: PromptComment,
  },
  "DELETE /api/v1/prompt-comments/:commentId": {
    name: "deletePromptComment",
    summary: "Delete your own comment; users who can change members can delete any comment",
    permission: "prompts:write",
    params: commentParams,
    response: Done,
  },
  "GET /api/public/v2/prompts": {
    name: "listLangfusePrompts",
    summary: "Prompts in the format that Langfuse's SDKs read",
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
    summary: "One version of a prompt in the format that Langfuse's SDKs read",
    permission: "prompts:read",
    params,
    query: z.object({ label: PromptLabel.optional(), version: version.optional() }),
    response: z.looseObject({ name: z.string(), version: z.number(), type: z.string() }),
  },
});
