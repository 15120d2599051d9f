import type { Issue } from "@treadle/contract";
import { AppError, notFound } from "../../../kernel/errors.ts";
import { newId } from "../../../kernel/ids.ts";
import type { Scope } from "../../../kernel/scope.ts";
import type { Postgres } from "../../../platform/postgres/port.ts";
import type { Shown } from "./change-issues.ts";
import { newIssue } from "./follow/record-failures.ts";
import { createNoting } from "./note-activities.ts";
import { type ActivityRow, createActivityStore } from "./stores/activity-store.ts";
import type { IssuesDeps } from "./stores/deps.ts";
import { createFingerprintStore } from "./stores/fingerprint-store.ts";
import { createIssueStore, type IssueRow } from "./stores/issue-store.ts";

/** Merges and splits of issues. Counts belong to fingerprints, so each can be undone. */
export const createFingerprintMoves = (deps: IssuesDeps, shown: Shown) => ({
  ...createMerging(deps, shown),
  ...createSplitting(deps, shown),
  ...createUndoing(deps, shown),
});

const createMerging = ({ db, ...deps }: IssuesDeps, { find, describeOne }: Shown) => ({
  async merge(scope: Scope, issueId: string, otherIssueId: string): Promise<Issue> {
    const into = await find(scope, issueId);
    const other = await find(scope, otherIssueId);
    if (into.id === other.id)
      throw new AppError("invalid_request", {
        message: "`otherIssueId` is this issue. Choose another issue to merge into it.",
        details: { param: "otherIssueId" },
      });
    await db.transaction(async (tx) => {
      const fingerprints = await createFingerprintStore(tx).move(scope.projectId, other.id, {
        to: into.id,
        only: null,
      });
      await createIssueStore(tx).update(scope.projectId, other.id, { mergedInto: into.id });
      await createIssueStore(tx).recount(scope.projectId, [into.id]);
      const entry = { issueId: into.id, action: "merge" as const, from: other.title, to: into.title };
      await createNoting(deps)(tx, scope, [{ ...entry, fingerprints, otherIssueId: other.id }]);
    });
    return describeOne(scope, await find(scope, into.id));
  },
});

const createSplitting = ({ db, ...deps }: IssuesDeps, { find, describeOne }: Shown) => ({
  /** Gives the new issue. */
  async split(scope: Scope, issueId: string, only: readonly string[]): Promise<Issue> {
    const from = await find(scope, issueId);
    const id = newId("issue", deps.clock.now());
    await db.transaction(async (tx) => {
      const store = createFingerprintStore(tx);
      const moved = await store.move(scope.projectId, from.id, { to: id, only });
      checkSplit(from, moved, only);
      const [first] = await store.listOf(scope.projectId, id, 1);
      if (!first) throw notFound("fingerprint", only[0] ?? "");
      const row = newIssue(scope.projectId, id, first);
      await createIssueStore(tx).create([
        { ...row, state: from.state === "ignored" ? "ignored" : "new", isAnnounced: true },
      ]);
      await createIssueStore(tx).recount(scope.projectId, [from.id, id]);
      const entry = { action: "split" as const, from: from.title, to: row.title, fingerprints: moved };
      await createNoting(deps)(tx, scope, [
        { ...entry, issueId: from.id, otherIssueId: id },
        { ...entry, issueId: id, otherIssueId: from.id, fingerprints: [] },
      ]);
    });
    return describeOne(scope, await find(scope, id));
  },
});

const createUndoing = ({ db, ...deps }: IssuesDeps, { find, describeOne }: Shown) => ({
  /** Moves the fingerprints of a merge or a split back. Gives the issue that it was done on. */
  async undo(scope: Scope, { issueId, activityId }: { issueId: string; activityId: string }): Promise<Issue> {
    const issue = await find(scope, issueId);
    const activity = await createActivityStore(db).find(scope.projectId, issue.id, activityId);
    if (!activity) throw notFound("activity", activityId);
    const other = activity.otherIssueId;
    const isMove = activity.fingerprints.length > 0 && other !== null;
    if (!isMove || (activity.action !== "merge" && activity.action !== "split"))
      throw new AppError("unprocessable", {
        message: "Only a merge or a split can be undone, on the issue it was done on.",
      });
    await db.transaction(async (tx) => {
      if (!(await createActivityStore(tx).markUndone(scope.projectId, activityId)))
        throw new AppError("conflict", { message: "This was undone before." });
      await moveBack(tx, scope.projectId, { ...activity, otherIssueId: other });
      await createNoting(deps)(tx, scope, [
        { issueId: issue.id, action: "undo", from: activity.action, to: activity.from },
      ]);
    });
    return describeOne(scope, await find(scope, issue.id));
  },
});

type Moved = ActivityRow & { readonly otherIssueId: string };

async function moveBack(tx: Postgres, projectId: string, { action, issueId, otherIssueId, fingerprints }: Moved) {
  const [store, issues] = [createFingerprintStore(tx), createIssueStore(tx)];
  const [from, to] = action === "merge" ? [issueId, otherIssueId] : [otherIssueId, issueId];
  await store.move(projectId, from, { to, only: fingerprints });
  await issues.update(projectId, to, { mergedInto: null });
  const rest = await store.listOf(projectId, from, 1);
  // An issue without fingerprints would never change again.
  if (rest.length === 0) await issues.update(projectId, from, { mergedInto: to });
  await issues.recount(projectId, [from, to]);
}

function checkSplit(from: IssueRow, moved: readonly string[], only: readonly string[]): void {
  const missing = only.find((fingerprint) => !moved.includes(fingerprint));
  if (missing !== undefined)
    throw new AppError("invalid_request", {
      message: `\`fingerprints\`: the issue has no fingerprint "${missing}". Choose fingerprints of this issue.`,
      details: { param: "fingerprints" },
    });
  if (moved.length >= from.fingerprintCount)
    throw new AppError("invalid_request", {
      message: "`fingerprints` has all fingerprints of the issue. Leave at least one in it.",
      details: { param: "fingerprints" },
    });
}
