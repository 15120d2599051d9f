import { type BranchReview, MAIN_BRANCH } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { DraftDeps } from "../drafts/drafts-service.ts";
import { createReviewStore, type ReviewRow } from "../stores/review-store.ts";
import type { BranchAuthors } from "./branch-authors.ts";

type Deps = Pick<DraftDeps, "db" | "places" | "audit" | "clock" | "namesOf"> & { readonly authors: BranchAuthors };
type On = { readonly datasetId: string; readonly branch: string };
type Review = {
  readonly verdict: ReviewRow["verdict"];
  readonly comment: string;
  readonly version: number;
  /** Approves one's own changes; only for those who administer the project. */
  readonly override: boolean;
};

/**
 * Stores a verdict on the newest version of a branch. Throws `conflict` for an older version, and `forbidden` for an approval
 * by an author of the changes without an override.
 */
export function createReviewing({ db, places, audit, clock, namesOf, authors }: Deps) {
  async function needsOverride(scope: Scope, on: On, head: number): Promise<boolean> {
    const main = await places.branchOf(scope, on.datasetId, MAIN_BRANCH);
    return !(await authors.isIndependent(scope, { datasetId: on.datasetId, branch: head, main: main.head }));
  }

  return async function review(scope: Scope, on: On, { verdict, comment, version, override }: Review) {
    const branch = await places.branchOf(scope, on.datasetId, on.branch);
    if (branch.head !== version) throw isOutdated(on.branch, branch.head, version);
    const isOverride = verdict === "approve" && (await needsOverride(scope, on, version));
    if (isOverride) checkOverride(scope, on.branch, override);
    const now = clock.now();
    const row = {
      id: newId("rev", now),
      projectId: scope.projectId,
      ...on,
      number: version,
      verdict,
      comment,
      reviewer: scope.actor,
      createdAt: new Date(now),
    };
    await db.transaction(async (tx) => {
      await createReviewStore(tx).add(row);
      const details = { branch: on.branch, version, verdict, ...(isOverride && { override: true }) };
      await audit.record(scope, { action: "dataset.review", target: on.datasetId, details }, tx);
    });
    return toReview(row, await namesOf(scope.projectId, [scope.actor]));
  };
}

/** A review with the reviewer's name. */
export const toReview = (row: ReviewRow, names: ReadonlyMap<string, string>): BranchReview => ({
  verdict: row.verdict,
  comment: row.comment,
  reviewer: names.get(row.reviewer) ?? row.reviewer,
  version: row.number,
  createdAt: row.createdAt.toISOString(),
});

function checkOverride({ permissions }: Scope, branch: string, override: boolean): void {
  if (override && permissions.has("projects:write")) return;
  if (override)
    throw new AppError("forbidden", {
      message: `Only an owner or admin can approve ${branch} with \`override\`. Ask a person who did not change the branch to approve it.`,
    });
  throw new AppError("forbidden", {
    message: `A person who did not change ${branch} must approve it. Ask another member of the project. If you work alone, an owner or admin can approve with \`override: true\`, which the audit log records.`,
  });
}

const isOutdated = (branch: string, head: number | null, version: number) =>
  new AppError("conflict", {
    message: `${branch} is now at version ${head ?? "none"}, not at ${version}. Review the new version first.`,
    details: { version: head },
  });
