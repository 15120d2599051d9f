import type { Prompt, PromptContent, PromptInput, PromptVersionInput, SavedPromptVersion } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { contentOf, hashOf } from "../read/content.ts";
import { findIncludedIn, holdPrompt, type PromptParts, refuseProtected } from "../read/deps.ts";
import { expandIncludes, includesOf } from "../read/includes.ts";
import { createLabelStore } from "../stores/label-store.ts";
import { createPromptStore, type PromptRow } from "../stores/prompt-store.ts";
import { createVersionStore, type VersionRow } from "../stores/version-store.ts";
import type { LabelMoves } from "./label-moves.ts";
import type { Versions } from "./versions-service.ts";

/** A version to be, of a prompt that is held and whose newest number is the version's own. */
type Addition = {
  readonly prompt: PromptRow;
  readonly content: PromptContent;
  readonly message: string;
  readonly labels: readonly string[];
};

const MOST_PROMPTS = 20_000;

/** Writes versions, which never change afterwards. Everything of one is there, or nothing. */
export function createVersionWrites(
  { db, audit, clock, fill, forget }: PromptParts,
  { labels, versions }: { labels: LabelMoves; versions: Versions },
) {
  const addVersion = createAddition({ clock }, labels);

  /** The templates with their includes in, read and refused before anything is written rather than when the prompt is called. */
  async function check({ projectId }: Scope, { name, content }: { name: string; content: PromptContent }) {
    const { content: whole } = await expandIncludes(content, { names: [name], find: findIncludedIn(db, projectId) });
    await fill.check(whole);
  }

  async function addUnlessSame(
    tx: Postgres,
    scope: Scope,
    { name, input }: { name: string; input: PromptVersionInput },
  ) {
    const { projectId, actor } = scope;
    const content = contentOf(input);
    const held = await holdPrompt(tx, scope, name);
    refuseOther(held, input);
    const newest = await createVersionStore(tx).find(projectId, held.id, held.latestVersion);
    if (newest?.contentHash === hashOf(content)) {
      await addVersion.setLabels(tx, scope, { prompt: held, version: newest.version, wanted: input.labels });
      return { prompt: held, row: newest, isNew: false };
    }
    const changes = { latestVersion: held.latestVersion + 1, updatedBy: actor, updatedAt: new Date(clock.now()) };
    const prompt = (await createPromptStore(tx).update(projectId, held.id, changes)) ?? held;
    const details = { name, version: prompt.latestVersion };
    await audit.record(scope, { action: "prompt.version.create", target: held.id, details }, tx);
    const { message, labels: wanted } = input;
    return { prompt, row: await addVersion(tx, scope, { prompt, content, message, labels: wanted }), isNew: true };
  }

  return {
    async createPrompt(scope: Scope, input: PromptInput): Promise<Prompt> {
      const { name, type, message } = input;
      const content = contentOf(input);
      await check(scope, { name, content });
      const prompt = newPrompt(scope, input, clock.now());
      await db.transaction(async (tx) => {
        const store = createPromptStore(tx);
        if ((await store.count(scope.projectId, { archived: "include" })) >= MOST_PROMPTS) throw tooMany();
        if (!(await store.create(prompt))) throw nameTaken(name);
        await audit.record(scope, { action: "prompt.create", target: prompt.id, details: { name, type } }, tx);
        await addVersion(tx, scope, { prompt, content, message, labels: input.labels });
      });
      forget(scope.projectId);
      return labels.asPrompt(scope, prompt);
    },

    /** Content equal to the newest version creates no version, so that the same file can be pushed again. */
    async create(scope: Scope, name: string, input: PromptVersionInput): Promise<SavedPromptVersion> {
      await check(scope, { name, content: contentOf(input) });
      const saved = await db.transaction((tx) => addUnlessSame(tx, scope, { name, input }));
      forget(scope.projectId);
      const [version] = await versions.asVersions(scope, saved.prompt, [saved.row]);
      if (!version) throw new AppError("internal");
      return { ...version, isNew: saved.isNew };
    },
  };
}

function createAddition({ clock }: Pick<PromptParts, "clock">, labels: LabelMoves) {
  async function setLabels(
    tx: Postgres,
    scope: Scope,
    { prompt, version, wanted }: { prompt: PromptRow; version: number; wanted: readonly string[] },
  ): Promise<void> {
    refuseProtected(scope, prompt, wanted);
    for (const label of new Set(wanted)) {
      const current = await createLabelStore(tx).find(scope.projectId, prompt.id, label);
      if (current?.version === version) continue;
      const move = { label, fromVersion: current?.version ?? null, toVersion: version, message: "" };
      await labels.move(tx, scope, { prompt, change: { ...move, kind: "move" } });
    }
  }

  async function add(tx: Postgres, scope: Scope, { prompt, content, message, labels: wanted }: Addition) {
    const { projectId, actor } = scope;
    const fields = { content, contentHash: hashOf(content), message };
    const by = { createdBy: actor, createdAt: new Date(clock.now()) };
    const row: VersionRow = { promptId: prompt.id, version: prompt.latestVersion, projectId, ...fields, ...by };
    const includes = includesOf(content).map(({ name, reference }) => ({ includedName: name, reference }));
    await createVersionStore(tx).create(row, includes);
    await expandIncludes(content, { names: [prompt.name], find: findIncludedIn(tx, projectId) });
    await setLabels(tx, scope, { prompt, version: row.version, wanted });
    return row;
  }
  return Object.assign(add, { setLabels });
}

function newPrompt(
  { projectId, actor }: Scope,
  { name, type, description, tags }: PromptInput,
  now: number,
): PromptRow {
  const at = new Date(now);
  const about = { name, type, description, tags, protectedLabels: [], latestVersion: 1, isArchived: false };
  const by = { createdBy: actor, createdAt: at, updatedBy: actor, updatedAt: at };
  return { id: newId("prompt", now), projectId, ...about, ...by };
}

const tooMany = () =>
  new AppError("unprocessable", { message: `A project has at most ${MOST_PROMPTS} prompts. Delete one first.` });

const nameTaken = (name: string) =>
  new AppError("conflict", {
    message: `There is already a prompt "${name}". Add a version to it, or choose another name.`,
    details: { name },
  });

function refuseOther({ name, type, latestVersion }: PromptRow, input: PromptVersionInput): void {
  if (type !== input.type)
    throw new AppError("unprocessable", {
      message: `"${name}" is a ${type} prompt, but this version is for a ${input.type} prompt. Create another prompt for it.`,
      details: { param: "type" },
    });
  if (input.expectedLatest === undefined || input.expectedLatest === latestVersion) return;
  throw new AppError("conflict", {
    message: `Version ${latestVersion} was added in the meantime, and your change is based on version ${input.expectedLatest}. Compare the two versions, then save again.`,
    details: { latestVersion, expectedLatest: input.expectedLatest },
  });
}
