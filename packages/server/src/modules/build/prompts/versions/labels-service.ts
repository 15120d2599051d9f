import type { LabelChange, LabelMove, Prompt } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { toPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { nameOf } from "../read/content.ts";
import { findPrompt, fromNumberCursor, holdPrompt, type PromptParts } from "../read/deps.ts";
import { createLabelStore, type LabelChangeRow } from "../stores/label-store.ts";
import { createPromptStore } from "../stores/prompt-store.ts";
import { createVersionStore } from "../stores/version-store.ts";
import type { LabelMoves, LabelPlace } from "./label-moves.ts";

/** Labels that name versions. A protected one is moved only by who may. */
export function createLabels({ change, move, write }: LabelMoves) {
  return {
    put: (scope: Scope, place: LabelPlace, { version, expectedVersion, message }: LabelMove): Promise<Prompt> =>
      change(scope, place, async (tx, prompt, current) => {
        refuseMoved(place, current, expectedVersion);
        if (current === version) return;
        const { label } = place;
        const told = { label, fromVersion: current, toVersion: version, kind: "move" as const, message };
        await move(tx, scope, { prompt, change: told });
      }),

    remove: (scope: Scope, place: LabelPlace, expectedVersion: number | undefined): Promise<Prompt> =>
      change(scope, place, async (tx, prompt, current) => {
        refuseMoved(place, current, expectedVersion);
        if (current === null) throw noLabel(place);
        const users = await createVersionStore(tx).listIncluding(scope.projectId, place.name);
        const user = users.find(({ isCurrent, reference }) => isCurrent && reference === place.label);
        if (user) throw inUse(`${place.name}@${place.label}`, user);
        const move = { label: place.label, fromVersion: current, toVersion: null, message: "" };
        await write(tx, scope, { prompt, change: { ...move, kind: "remove" } });
      }),

    /** To where the label was before it came where it is now; a second time, to where it was before that. */
    rollBack: (
      scope: Scope,
      place: LabelPlace,
      { expectedVersion, message }: { expectedVersion?: number | undefined; message: string },
    ): Promise<Prompt> =>
      change(scope, place, async (tx, prompt, current) => {
        refuseMoved(place, current, expectedVersion);
        if (current === null) throw noLabel(place);
        const moves = await createLabelStore(tx).listMoves(scope.projectId, prompt.id, place.label);
        const before = versionBefore(moves, current);
        if (before === null)
          throw new AppError("conflict", {
            message: `The label "${place.label}" has always named version ${current}, so there is no earlier version to return to.`,
          });
        const told = {
          label: place.label,
          fromVersion: current,
          toVersion: before,
          kind: "rollback" as const,
          message,
        };
        await move(tx, scope, { prompt, change: told });
      }),
  };
}

/** The protected labels, and the history of each label. */
export function createLabelRecords({ db, audit, clock, namesOf }: PromptParts, { asPrompt }: LabelMoves) {
  return {
    async protect(scope: Scope, name: string, labels: readonly string[]): Promise<Prompt> {
      const row = await db.transaction(async (tx) => {
        const prompt = await holdPrompt(tx, scope, name);
        const changes = {
          protectedLabels: labels.toSorted(),
          updatedBy: scope.actor,
          updatedAt: new Date(clock.now()),
        };
        const details = { name, from: prompt.protectedLabels, to: changes.protectedLabels };
        await audit.record(scope, { action: "prompt.protect", target: prompt.id, details }, tx);
        return (await createPromptStore(tx).update(scope.projectId, prompt.id, changes)) ?? prompt;
      });
      return asPrompt(scope, row);
    },

    async history(
      scope: Scope,
      name: string,
      { label, limit, cursor }: { label?: string | undefined; limit: number; cursor?: string | undefined },
    ) {
      const { id: promptId } = await findPrompt(db, scope, name);
      const before = cursor === undefined ? null : fromNumberCursor(cursor);
      const place = { promptId, label };
      const rows = await createLabelStore(db).listChanges(scope.projectId, place, { limit: limit + 1, before });
      const { items, nextCursor } = toPage(rows, limit, ({ place: last }) => [last]);
      const names = await namesOf(
        scope.projectId,
        items.map(({ movedBy }) => movedBy),
      );
      return { items: items.map((row) => toChange(row, names)), nextCursor };
    },
  };
}

const toChange = (row: LabelChangeRow, names: ReadonlyMap<string, string>): LabelChange => ({
  label: row.label,
  fromVersion: row.fromVersion,
  toVersion: row.toVersion,
  kind: row.kind,
  message: row.message,
  movedBy: nameOf(names, row.movedBy),
  movedAt: row.movedAt.toISOString(),
});

/** Read from the newest move backwards: a rollback takes the move it undid out of the count. */
function versionBefore(moves: readonly LabelChangeRow[], current: number): number | null {
  let undone = 0;
  for (const { kind, fromVersion } of moves) {
    if (kind === "rollback") undone++;
    else if (undone > 0) undone--;
    else return fromVersion === current ? null : fromVersion;
  }
  return null;
}

function refuseMoved({ label }: LabelPlace, current: number | null, expected: number | null | undefined): void {
  if (expected === undefined || expected === current) return;
  const was = expected === null ? "nowhere" : `at version ${expected}`;
  const is = current === null ? "nowhere" : `at version ${current}`;
  throw new AppError("conflict", {
    message: `The label "${label}" was moved by another user: you saw it ${was}, and now it is ${is}. Check the label, then try again.`,
    details: { label, expectedVersion: expected, version: current },
  });
}

const noLabel = ({ name, label }: LabelPlace) =>
  new AppError("not_found", { message: `The prompt "${name}" has no label "${label}".`, details: { label } });

export const inUse = (what: string, user: { name: string; version: number }) =>
  new AppError("conflict", {
    message: `Version ${user.version} of "${user.name}" includes ${what}. Change that prompt first.`,
    details: { name: user.name, version: user.version },
  });
