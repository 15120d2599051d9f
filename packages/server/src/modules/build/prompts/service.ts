import type { Prompt, PromptPatch, PromptUse, RenderedPrompt } from "@treadle/contract";
import { fromCursor, toPage } from "../../../kernel/pages.ts";
import type { Scope } from "../../../kernel/scope.ts";
import { createFillApart } from "./fill/fill-apart.ts";
import { createPromptComments } from "./prompt-comments.ts";
import { folderOf, toPrompt } from "./read/content.ts";
import { findPrompt, holdPrompt, type PromptParts, type PromptsDeps, refuseProtected } from "./read/deps.ts";
import { createLangfuseReads } from "./read/langfuse.ts";
import { createReading } from "./read/read-prompt.ts";
import { createLabelStore } from "./stores/label-store.ts";
import { createPromptStore, type PromptFilter } from "./stores/prompt-store.ts";
import { createVersionStore } from "./stores/version-store.ts";
import { createUsage } from "./usage-service.ts";
import { createLabelMoves, type LabelMoves } from "./versions/label-moves.ts";
import { createLabelRecords, createLabels, inUse } from "./versions/labels-service.ts";
import { createVersions } from "./versions/versions-service.ts";
import { createVersionWrites } from "./versions/write-versions.ts";

/** Prompts: texts with inputs, kept as versions that never change, called by labels that move. */
export function createPrompts(deps: PromptsDeps) {
  const fill = createFillApart();
  const reading = createReading({ ...deps, fill });
  const parts: PromptParts = { ...deps, fill, forget: reading.forget };
  const moves = createLabelMoves(parts);
  const versions = createVersions(deps);
  return {
    ...createPromptList(parts, moves),
    labels: { ...createLabels(moves), ...createLabelRecords(parts, moves) },
    versions: { ...versions, ...createVersionWrites(parts, { labels: moves, versions }) },
    comments: createPromptComments(deps),
    usage: createUsage(deps),
    langfuse: createLangfuseReads({ ...deps, reading }),
    read: reading.get,
    render: reading.render,
    preview: reading.preview,
    /** A stored prompt as part of a request. */
    use: (scope: Scope, { name, ...choice }: PromptUse): Promise<RenderedPrompt> => reading.render(scope, name, choice),
    close: fill.close,
  };
}
export type Prompts = ReturnType<typeof createPrompts>;

function createPromptList({ db, audit, clock, comments, namesOf, forget }: PromptParts, { asPrompt }: LabelMoves) {
  const store = createPromptStore(db);
  return {
    async list(
      scope: Scope,
      { limit, cursor, ...filter }: PromptFilter & { limit: number; cursor?: string | undefined },
    ) {
      const [after = null] = cursor === undefined ? [] : fromCursor(cursor, 1).map(String);
      const rows = await store.list(scope.projectId, filter, { limit: limit + 1, after });
      const { items, nextCursor } = toPage(rows, limit, ({ name }) => [name]);
      if (items.length === 0) return { items: [], nextCursor };
      const ids = items.map(({ id }) => id);
      const labelRows = await createLabelStore(db).list(scope.projectId, ids);
      const actors = new Set([
        ...items.flatMap(({ createdBy, updatedBy }) => [createdBy, updatedBy]),
        ...labelRows.map(({ movedBy }) => movedBy),
      ]);
      const names = await namesOf(scope.projectId, [...actors]);
      return { items: items.map((row) => toPrompt(row, labelRows, names)), nextCursor };
    },

    /** Every folder counts the prompts of the folders below it too. */
    async listFolders(scope: Scope) {
      const rows = await store.listPlaces(scope.projectId);
      const folders = countUp(rows.flatMap(({ name }) => foldersOf(name)));
      const tags = countUp(rows.flatMap((row) => row.tags));
      return {
        folders: folders.map(([folder, promptCount]) => ({ folder, promptCount })),
        tags: tags.map(([tag, promptCount]) => ({ tag, promptCount })),
      };
    },

    get: async (scope: Scope, name: string): Promise<Prompt> => asPrompt(scope, await findPrompt(db, scope, name)),

    async update(scope: Scope, name: string, patch: PromptPatch): Promise<Prompt> {
      const row = await db.transaction(async (tx) => {
        const prompt = await holdPrompt(tx, scope, name);
        const changes = { ...patch, updatedBy: scope.actor, updatedAt: new Date(clock.now()) };
        const details = { name, ...patch };
        await audit.record(scope, { action: "prompt.update", target: prompt.id, details }, tx);
        return (await createPromptStore(tx).update(scope.projectId, prompt.id, changes)) ?? prompt;
      });
      forget(scope.projectId);
      return asPrompt(scope, row);
    },

    async delete(scope: Scope, name: string): Promise<void> {
      const { projectId } = scope;
      await db.transaction(async (tx) => {
        const prompt = await holdPrompt(tx, scope, name);
        const set = (await createLabelStore(tx).list(projectId, [prompt.id])).map(({ label }) => label);
        refuseProtected(scope, prompt, set);
        const users = await createVersionStore(tx).listIncluding(projectId, name);
        const user = users.find(({ isCurrent }) => isCurrent);
        if (user) throw inUse(`"${name}"`, user);
        await createPromptStore(tx).delete(projectId, prompt.id);
        await comments.deleteOn(tx, scope, { kind: "prompt", id: prompt.id });
        const details = { name, versions: prompt.latestVersion, labels: set };
        await audit.record(scope, { action: "prompt.delete", target: prompt.id, details }, tx);
      });
      forget(projectId);
    },
  };
}

/** `a/b/c` lies in `a/b` and in `a`. */
function foldersOf(name: string): string[] {
  const folder = folderOf(name);
  return folder === "" ? [] : [folder, ...foldersOf(folder)];
}

function countUp(names: readonly string[]): [name: string, count: number][] {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => (a < b ? -1 : 1));
}
