import type { PromptComment } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { About, CommentEntry } from "../../system/comments/index.ts";
import { findPrompt, noVersion, type PromptsDeps } from "./read/deps.ts";
import { createPromptStore } from "./stores/prompt-store.ts";

type Page = { readonly limit: number; readonly cursor?: string | undefined; readonly version?: number | undefined };
const KIND = "prompt";
/** A comment is on a version or, without a part, on the prompt. */
const partOf = (version: number | null) => (version === null ? "" : String(version));

/** What people say about prompts and their versions. */
export const createPromptComments = ({ db, comments }: PromptsDeps) => ({
  async list(scope: Scope, name: string, { version, ...page }: Page) {
    const { id } = await findPrompt(db, scope, name);
    const part = version === undefined ? undefined : partOf(version);
    const { items, nextCursor } = await comments.list(scope, { kind: KIND, id, part }, page);
    return { items: items.map(toComment), nextCursor };
  },

  async create(scope: Scope, name: string, { version, text }: { version: number | null; text: string }) {
    const { id, latestVersion } = await findPrompt(db, scope, name);
    if (version !== null && version > latestVersion) throw noVersion(name, version, latestVersion);
    const part = partOf(version);
    return toComment(await comments.create(scope, { kind: KIND, id, part }, { text, about: aboutOf(name) }));
  },

  update: async (scope: Scope, commentId: string, text: string): Promise<PromptComment> =>
    toComment(
      await comments.update(scope, KIND, {
        commentId,
        text,
        aboutOf: async (promptId) =>
          aboutOf((await createPromptStore(db).findName(scope.projectId, promptId)) ?? promptId),
      }),
    ),

  delete: (scope: Scope, commentId: string) => comments.delete(scope, KIND, commentId),
});

const aboutOf = (name: string): About => ({
  label: `the prompt ${name}`,
  path: `/prompts/${encodeURIComponent(name)}?tab=comments`,
});

const toComment = ({ subjectId: _, part, ...entry }: CommentEntry): PromptComment => ({
  ...entry,
  version: part === "" ? null : Number(part),
});
