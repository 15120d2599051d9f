import { type Branch, MAIN_BRANCH } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import { cutPage } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { DraftDeps } from "../drafts/drafts-service.ts";
import { type BranchRow, createBranchStore, type Place } from "../stores/branch-store.ts";
import { createReviewStore } from "../stores/review-store.ts";
import { createTagStore } from "../stores/tag-store.ts";
import { toReview } from "./review-branch.ts";

type On = { readonly datasetId: string; readonly branch: string };
const MOST_BRANCHES = 500;

/** Branches: work next to main that is reviewed before it is merged. */
export function createBranches({ db, places, audit, clock, namesOf }: DraftDeps) {
  const store = createBranchStore(db);
  const placeOf = (scope: Scope, { datasetId, branch }: On): Place => ({
    projectId: scope.projectId,
    datasetId,
    branch,
  });

  async function describe(scope: Scope, row: BranchRow): Promise<Branch> {
    const place = placeOf(scope, { datasetId: row.datasetId, branch: row.name });
    const review = (await createReviewStore(db).findLatest(place)) ?? null;
    const names = await namesOf(scope.projectId, [row.createdBy, ...(review ? [review.reviewer] : [])]);
    const { manifest } = await places.head(scope, row.datasetId, row.name);
    return {
      name: row.name,
      version: row.head,
      base: row.base,
      rows: manifest.rows,
      hasDraft: row.applied > 0,
      review: review && toReview(review, names),
      createdBy: names.get(row.createdBy) ?? row.createdBy,
      createdAt: row.createdAt.toISOString(),
    };
  }

  return {
    async list(scope: Scope, datasetId: string, page: { limit: number; cursor?: string }) {
      await places.branchOf(scope, datasetId, MAIN_BRANCH);
      const rows = await store.list({ projectId: scope.projectId, datasetId });
      const { items, nextCursor } = cutPage(rows, page, ({ name }) => [name === MAIN_BRANCH ? 0 : 1, name]);
      const branches: Branch[] = [];
      for (const row of items) branches.push(await describe(scope, row));
      return { items: branches, nextCursor };
    },

    async create(scope: Scope, datasetId: string, { name, from }: { name: string; from: string }): Promise<Branch> {
      const { version, label } = await places.open(scope, { datasetId, at: from });
      if (!version)
        throw new AppError("unprocessable", {
          message: `A branch starts at a version, but ${label} is not a version. Commit first.`,
        });
      const which = { projectId: scope.projectId, datasetId };
      const now = new Date(clock.now());
      const by = { createdBy: scope.actor, createdAt: now, updatedAt: now };
      const row = { ...which, name, head: version.number, base: version.number, revision: 0, applied: 0, ...by };
      await db.transaction(async (tx) => {
        const inside = createBranchStore(tx);
        if ((await inside.list(which)).length >= MOST_BRANCHES)
          throw new AppError("unprocessable", {
            message: `A dataset has at most ${MOST_BRANCHES} branches. Delete a branch first.`,
          });
        const isTag = (await createTagStore(tx).find(which, name)) !== undefined;
        if (isTag || !(await inside.create(row))) throw nameTaken(name, isTag ? "tag" : "branch");
        await audit.record(
          scope,
          { action: "dataset.branch", target: datasetId, details: { name, from: version.number } },
          tx,
        );
      });
      return describe(scope, row);
    },

    async delete(scope: Scope, on: On): Promise<void> {
      if (on.branch === MAIN_BRANCH)
        throw new AppError("unprocessable", { message: "The branch main cannot be deleted." });
      await db.transaction(async (tx) => {
        if (!(await createBranchStore(tx).delete(placeOf(scope, on)))) throw notFound("branch", on.branch);
        await audit.record(
          scope,
          { action: "dataset.unbranch", target: on.datasetId, details: { name: on.branch } },
          tx,
        );
      });
    },
  };
}

const nameTaken = (name: string, kind: string) =>
  new AppError("conflict", {
    message: `There is already a ${kind} "${name}". Choose another name.`,
    details: { name },
  });
