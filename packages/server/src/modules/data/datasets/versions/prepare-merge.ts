import { MAIN_BRANCH } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { Differ } from "../chunks/diff-manifests.ts";
import { EMPTY_MANIFEST, type Manifest, type Manifests } from "../chunks/manifest.ts";
import type { Places } from "../drafts/resolve-ref.ts";
import { createReviewStore } from "../stores/review-store.ts";
import { findAncestors } from "./branch-authors.ts";
import { planMerge, type Sides } from "./merge-branches.ts";

type Deps = { readonly db: Postgres; readonly places: Places; readonly manifests: Manifests; readonly diff: Differ };
type On = { readonly datasetId: string; readonly branch: string };

/** Finds what a merge of a branch into main is about. */
export function createMergePreparation({ db, places, manifests, diff }: Deps) {
  async function manifestOf(scope: Scope, datasetId: string, number: number | null): Promise<Manifest> {
    if (number === null) return EMPTY_MANIFEST;
    return manifests.read((await places.versionOf(scope, datasetId, number)).manifestSha);
  }

  /** The version from which main and the branch have gone apart: the newest that both come from. */
  async function findBase(
    scope: Scope,
    datasetId: string,
    heads: readonly [number | null, number | null],
  ): Promise<number | null> {
    const which = { projectId: scope.projectId, datasetId };
    const [own, other] = [await findAncestors(db, which, heads[0]), await findAncestors(db, which, heads[1])];
    const shared = [...own].filter((number) => other.has(number));
    return shared.length === 0 ? null : Math.max(...shared);
  }

  async function prepare(scope: Scope, on: On) {
    if (on.branch === MAIN_BRANCH)
      throw new AppError("invalid_request", { message: "main cannot be merged into itself." });
    const branch = await places.branchOf(scope, on.datasetId, on.branch);
    const main = await places.branchOf(scope, on.datasetId, MAIN_BRANCH);
    if (branch.head === null)
      throw new AppError("unprocessable", { message: `${on.branch} has no version. Commit its draft first.` });
    const base = await findBase(scope, on.datasetId, [main.head, branch.head]);
    const sides: Sides = {
      base: await manifestOf(scope, on.datasetId, base),
      ours: await manifestOf(scope, on.datasetId, main.head),
      theirs: await manifestOf(scope, on.datasetId, branch.head),
    };
    const review = await createReviewStore(db).findLatest({ projectId: scope.projectId, ...on });
    const isApproved = review?.verdict === "approve" && review.number === branch.head;
    return { branch, main, base, sides, isApproved, plan: await planMerge(diff, sides) };
  }

  return prepare;
}
