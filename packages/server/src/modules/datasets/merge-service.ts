import {
  type BranchReview,
  type CONFLICT_SIDES,
  type DatasetVersion,
  MAIN_BRANCH,
  type MergePreview,
} from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Differ } from "./diff-manifests.ts";
import type { DraftDeps } from "./drafts-service.ts";
import type { ItemStreams } from "./item-streams.ts";
import type { ItemFinder } from "./locate-items.ts";
import type { Manifests } from "./manifest.ts";
import { countTaken, type MergePlan, MOST_CONFLICTS, openClashes, planRewrite } from "./merge-branches.ts";
import { createMergePreparation } from "./prepare-merge.ts";
import { createReviewStore, type ReviewRow } from "./review-store.ts";
import { createDatasetStore } from "./store.ts";
import type { Versions } from "./versions-service.ts";
import type { VersionWriter } from "./write-version.ts";

type Deps = DraftDeps & {
  readonly manifests: Manifests;
  readonly versions: Versions;
  readonly writer: VersionWriter;
  readonly streams: ItemStreams;
  readonly finder: ItemFinder;
  readonly diff: Differ;
};
type On = { readonly datasetId: string; readonly branch: string };
type Side = (typeof CONFLICT_SIDES)[number];
type Merge = {
  readonly message: string;
  readonly resolutions: Readonly<Record<string, Side>>;
  readonly otherwise?: Side | undefined;
};

/** Reviews of branches, and their merging into main. */
export function createMerging(deps: Deps) {
  const { db, places, versions, writer, streams, finder, audit, clock, namesOf } = deps;
  const prepare = createMergePreparation(deps);

  return {
    async review(
      scope: Scope,
      on: On,
      { verdict, comment, version }: { verdict: ReviewRow["verdict"]; comment: string; version: number },
    ): Promise<BranchReview> {
      const branch = await places.branchOf(scope, on.datasetId, on.branch);
      if (branch.head !== version)
        throw new AppError("conflict", {
          message: `${on.branch} is at version ${branch.head ?? "none"} by now, and not at ${version}. Look at that one.`,
          details: { version: branch.head },
        });
      const now = clock.now();
      const by = { reviewer: scope.actor, createdAt: new Date(now) };
      const row = {
        id: newId("rev", now),
        projectId: scope.projectId,
        ...on,
        number: version,
        verdict,
        comment,
        ...by,
      };
      await db.transaction(async (tx) => {
        await createReviewStore(tx).add(row);
        const details = { branch: on.branch, version, verdict };
        await audit.record(scope, { action: "dataset.review", target: on.datasetId, details }, tx);
      });
      return toReview(row, await namesOf(scope.projectId, [scope.actor]));
    },

    async previewMerge(scope: Scope, on: On): Promise<MergePreview> {
      const { branch, main, base, sides, isApproved, plan } = await prepare(scope, on);
      return {
        branch: on.branch,
        into: MAIN_BRANCH,
        ...{ base, ours: main.head, theirs: branch.head },
        counts: countTaken(plan.taken),
        conflictCount: plan.clashes.length,
        conflicts: await openClashes(finder, sides, plan.clashes.slice(0, MOST_CONFLICTS)),
        isApproved,
      };
    },

    /** A new version of main, at once: nothing of it is seen before. Throws `conflict` for conflicts without a side. */
    async merge(scope: Scope, on: On, { message, resolutions, otherwise }: Merge): Promise<DatasetVersion> {
      const { branch, main, sides, isApproved, plan } = await prepare(scope, on);
      if (!isApproved) throw notApproved(on.branch, branch.head);
      if (main.applied > 0) throw dirtyMain();
      const sideOf = (itemId: string): Side | undefined => resolutions[itemId] ?? otherwise;
      checkSides(plan, sideOf);
      const rewrite = await planRewrite(scope, finder, { sides, plan, sideOf: (itemId) => sideOf(itemId) ?? "ours" });
      const { manifest, counts } = await streams.rewriteItems(scope, sides.ours, rewrite);
      const dataset = await createDatasetStore(db).find(scope.projectId, on.datasetId);
      if (dataset) await writer.checkItems(dataset.schema, manifest, sides.ours);
      const summary = `Merged ${on.branch}, version ${branch.head}`;
      const step = { kind: "merge" as const, summary, counts, recipe: mergeRecipe(plan, { resolutions, otherwise }) };
      const number = await writer.create(scope, on.datasetId, {
        branch: MAIN_BRANCH,
        revision: main.revision,
        manifest,
        parent: main.head,
        mergedFrom: branch.head,
        message,
        stats: await writer.statsOf(scope, manifest),
        steps: [{ ...step, author: scope.actor, createdAt: new Date(clock.now()).toISOString() }],
      });
      return versions.get(scope, on.datasetId, String(number));
    },
  };
}

const mergeRecipe = ({ clashes }: MergePlan, { resolutions, otherwise }: Omit<Merge, "message">) =>
  clashes.length === 0 ? null : { conflicts: clashes.length, resolutions, otherwise: otherwise ?? null };

/** A review with the reviewer's name. */
export const toReview = (row: ReviewRow, names: ReadonlyMap<string, string>): BranchReview => ({
  verdict: row.verdict,
  comment: row.comment,
  reviewer: names.get(row.reviewer) ?? row.reviewer,
  version: row.number,
  createdAt: row.createdAt.toISOString(),
});

function checkSides({ clashes }: MergePlan, sideOf: (itemId: string) => Side | undefined): void {
  const open = clashes.filter(({ ours }) => sideOf(ours.itemId) === undefined);
  if (open.length > 0) throw hasConflicts(open.map(({ ours }) => ours.itemId));
}

const notApproved = (branch: string, version: number | null) =>
  new AppError("unprocessable", {
    message: `Version ${version} of ${branch} has not been approved. Look through its changes and approve it, then merge.`,
  });
const dirtyMain = () =>
  new AppError("unprocessable", {
    message: "main has a draft that is not committed. Commit or discard it, then merge.",
  });
const hasConflicts = (itemIds: readonly string[]) =>
  new AppError("conflict", {
    message: `${itemIds.length} items were changed on both sides. Say for each in \`resolutions\` whether ours (main) or theirs counts, or name a side in \`otherwise\`.`,
    details: { itemIds: itemIds.slice(0, 200) },
  });
