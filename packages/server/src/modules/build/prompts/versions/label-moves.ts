import type { Prompt } from "@treadle/contract";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { toPrompt } from "../read/content.ts";
import { findIncludedIn, holdPrompt, noVersion, type PromptParts, refuseProtected } from "../read/deps.ts";
import { expandIncludes } from "../read/includes.ts";
import { createLabelStore, type LabelChangeRow } from "../stores/label-store.ts";
import { createPromptStore, type PromptRow } from "../stores/prompt-store.ts";
import { createVersionStore } from "../stores/version-store.ts";

export type LabelPlace = { readonly name: string; readonly label: string };
type Change = Pick<LabelChangeRow, "label" | "fromVersion" | "toVersion" | "kind" | "message">;

/** Moves a label: in one transaction with one history entry, while the prompt is locked. */
export function createLabelMoves({ db, audit, clock, namesOf, forget }: PromptParts) {
  async function asPrompt(scope: Scope, row: PromptRow): Promise<Prompt> {
    const labels = await createLabelStore(db).list(scope.projectId, [row.id]);
    const names = await namesOf(scope.projectId, [
      row.createdBy,
      row.updatedBy,
      ...labels.map(({ movedBy }) => movedBy),
    ]);
    return toPrompt(row, labels, names);
  }

  /** Writes a change of a prompt that is held. */
  async function write(tx: Postgres, scope: Scope, { prompt, change }: { prompt: PromptRow; change: Change }) {
    const { projectId, actor } = scope;
    const now = clock.now();
    const by = { movedBy: actor, movedAt: new Date(now) };
    const store = createLabelStore(tx);
    const { label, toVersion } = change;
    if (toVersion === null) await store.delete(projectId, prompt.id, label);
    else await store.save({ projectId, promptId: prompt.id, label, version: toVersion, ...by });
    await store.saveChange({ id: newId("pmove", now), projectId, promptId: prompt.id, ...change, ...by });
    const action = `prompt.label.${change.kind}`;
    await audit.record(scope, { action, target: prompt.id, details: { name: prompt.name, ...change } }, tx);
  }

  /** Moves a label of a prompt that is held, and refuses a place from which the prompt could not be put together. */
  async function move(
    tx: Postgres,
    scope: Scope,
    { prompt, change }: { prompt: PromptRow; change: Change & { readonly toVersion: number } },
  ): Promise<void> {
    const version = await createVersionStore(tx).find(scope.projectId, prompt.id, change.toVersion);
    if (!version) throw noVersion(prompt.name, change.toVersion, prompt.latestVersion);
    await write(tx, scope, { prompt, change });
    await expandIncludes(version.content, { names: [prompt.name], find: findIncludedIn(tx, scope.projectId) });
  }

  /** Holds the prompt, lets `decide` say what changes, and gives the prompt as it is then. */
  async function change(
    scope: Scope,
    { name, label }: LabelPlace,
    decide: (tx: Postgres, prompt: PromptRow, current: number | null) => Promise<void>,
  ): Promise<Prompt> {
    const row = await db.transaction(async (tx) => {
      const prompt = await holdPrompt(tx, scope, name);
      refuseProtected(scope, prompt, [label]);
      const current = (await createLabelStore(tx).find(scope.projectId, prompt.id, label))?.version ?? null;
      await decide(tx, prompt, current);
      const changes = { updatedBy: scope.actor, updatedAt: new Date(clock.now()) };
      return (await createPromptStore(tx).update(scope.projectId, prompt.id, changes)) ?? prompt;
    });
    forget(scope.projectId);
    return asPrompt(scope, row);
  }

  return { asPrompt, write, move, change };
}
export type LabelMoves = ReturnType<typeof createLabelMoves>;
