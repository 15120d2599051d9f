import type { PromptVersion } from "@treadle/contract";
import { toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { toVersion } from "../read/content.ts";
import { findPrompt, fromNumberCursor, noVersion, type PromptsDeps } from "../read/deps.ts";
import { createLabelStore } from "../stores/label-store.ts";
import type { PromptRow } from "../stores/prompt-store.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";
import { diffContents } from "./diff-contents.ts";

/** Versions as they were written. */
export function createVersions({ db, namesOf }: Pick<PromptsDeps, "db" | "namesOf">) {
  async function asVersions(scope: Scope, prompt: PromptRow, rows: readonly VersionRow[]): Promise<PromptVersion[]> {
    const labelRows = await createLabelStore(db).list(scope.projectId, [prompt.id]);
    const authors = rows.map(({ createdBy }) => createdBy);
    const names = await namesOf(scope.projectId, authors);
    return rows.map((row) => toVersion(row, { prompt, labels: labelRows, names }));
  }

  return {
    asVersions,

    async list(scope: Scope, name: string, { limit, cursor }: { limit: number; cursor?: string | undefined }) {
      const prompt = await findPrompt(db, scope, name);
      const before = cursor === undefined ? null : fromNumberCursor(cursor);
      const rows = await createVersionStore(db).list(scope.projectId, prompt.id, { limit: limit + 1, before });
      const { items, nextCursor } = toPage(rows, limit, ({ version }) => [version]);
      return { items: await asVersions(scope, prompt, items), nextCursor };
    },

    async get(scope: Scope, name: string, version: number): Promise<PromptVersion> {
      const prompt = await findPrompt(db, scope, name);
      const row = await createVersionStore(db).find(scope.projectId, prompt.id, version);
      const [found] = row ? await asVersions(scope, prompt, [row]) : [];
      if (!found) throw noVersion(name, version, prompt.latestVersion);
      return found;
    },

    async diff(scope: Scope, name: string, { from, to }: { from: number; to: number }) {
      const prompt = await findPrompt(db, scope, name);
      const [before, after] = await Promise.all(
        [from, to].map(async (version) => {
          const row = await createVersionStore(db).find(scope.projectId, prompt.id, version);
          if (!row) throw noVersion(name, version, prompt.latestVersion);
          return row;
        }),
      );
      const fields = before && after ? diffContents(before.content, after.content) : [];
      return { name, from, to, isSame: fields.length === 0, fields };
    },
  };
}
export type Versions = ReturnType<typeof createVersions>;
