import { createHash } from "node:crypto";
import {
  LATEST_LABEL,
  type Prompt,
  PromptContent,
  type PromptVersion,
  type PromptVersionInput,
} from "@treadle/contract";
import type { LabelRow } from "../stores/label-store.ts";
import type { PromptRow } from "../stores/prompt-store.ts";
import type { VersionRow } from "../stores/version-store.ts";

type Names = ReadonlyMap<string, string>;

/** The content of a version, without its metadata. */
export function contentOf(input: PromptVersionInput): PromptContent {
  const { format, inputs, model, parameters, tools, responseFormat } = input;
  const settings = { format, inputs, model, parameters, tools, responseFormat };
  return input.type === "text"
    ? { type: "text", template: input.template, ...settings }
    : { type: "chat", messages: input.messages, ...settings };
}

/** SHA-256 of a content as JSON with the keys of every object in order. */
export const hashOf = (content: PromptContent) => createHash("sha256").update(inOrder(content)).digest("hex");

function inOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOrder).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value) ?? "null";
  const members = Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, inner]) => `${JSON.stringify(name)}:${inOrder(inner)}`).join()}}`;
}

/** For a deleted person or key, only the id remains. */
export const nameOf = (names: Names, actor: string) => names.get(actor) ?? actor;

export const folderOf = (name: string) => name.slice(0, Math.max(0, name.lastIndexOf("/")));

export function toPrompt(row: PromptRow, labels: readonly LabelRow[], names: Names): Prompt {
  const own = labels.filter(({ promptId }) => promptId === row.id);
  return {
    promptId: row.id,
    name: row.name,
    folder: folderOf(row.name),
    type: row.type,
    description: row.description,
    tags: row.tags,
    labels: own.map(({ label, version, movedAt, movedBy }) => ({
      label,
      version,
      isProtected: row.protectedLabels.includes(label),
      movedAt: movedAt.toISOString(),
      movedBy: nameOf(names, movedBy),
    })),
    protectedLabels: row.protectedLabels,
    latestVersion: row.latestVersion,
    isArchived: row.isArchived,
    createdBy: nameOf(names, row.createdBy),
    createdAt: row.createdAt.toISOString(),
    updatedBy: nameOf(names, row.updatedBy),
    updatedAt: row.updatedAt.toISOString(),
  };
}

type Around = { readonly prompt: PromptRow; readonly labels: readonly LabelRow[]; readonly names: Names };

/** Stored content is read through its shape, so that what a later release adds has its default in older rows. */
export function toVersion(row: VersionRow, { prompt, labels, names }: Around): PromptVersion {
  const own = labels.filter(({ promptId, version }) => promptId === row.promptId && version === row.version);
  return {
    ...PromptContent.parse(row.content),
    promptId: row.promptId,
    name: prompt.name,
    version: row.version,
    labels: [...own.map(({ label }) => label), ...(row.version === prompt.latestVersion ? [LATEST_LABEL] : [])],
    message: row.message,
    author: nameOf(names, row.createdBy),
    createdAt: row.createdAt.toISOString(),
    contentHash: row.contentHash,
  };
}
