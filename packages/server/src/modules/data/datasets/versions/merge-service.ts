import { type CONFLICT_SIDES, type DatasetVersion, MAIN_BRANCH, type MergePreview } from "@treadle/contract";
import { countOf } from "../../../../kernel/count-of.ts";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Differ } from "../chunks/diff-manifests.ts";
import type { ItemStreams } from "../chunks/item-streams.ts";
import type { Manifests } from "../chunks/manifest.ts";
import type { DraftDeps } from "../drafts/drafts-service.ts";
import type { ItemFinder } from "../rows/locate-items.ts";
import { createDatasetStore } from "../stores/store.ts";
import { createBranchAuthors, type PeopleOf } from "./branch-authors.ts";
import { countTaken, type MergePlan, MOST_CONFLICTS, openClashes, planRewrite } from "./merge-branches.ts";
import { createMergePreparation } from "./prepare-merge.ts";
import { createReviewing } from "./review-branch.ts";
import type { Versions } from "./versions-service.ts";
import type { VersionWriter } from "./write-version.ts";

type Deps = DraftDeps & {
  readonly manifests: Manifests;
  readonly versions: Versions;
  readonly writer: VersionWriter;
  readonly streams: ItemStreams;
  readonly finder: ItemFinder;
  readonly diff: Differ;
  readonly peopleOf: PeopleOf;
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
  const { db, versions, writer, streams, finder, clock } = deps;
  const prepare = createMergePreparation(deps);
  const authors = createBranchAuthors(deps);

  return {
    review: createReviewing({ ...deps, authors }),

    async previewMerge(scope: Scope, on: On): Promise<MergePreview> {
      const { branch, main, base, sides, isApproved, plan } = await prepare(scope, on);
      const heads = { datasetId: on.datasetId, branch: branch.head, main: main.head };
      return {
        branch: on.branch,
        into: MAIN_BRANCH,
        base,
        ours: main.head,
        theirs: branch.head,
        counts: countTaken(plan.taken),
        conflictCount: plan.clashes.length,
        conflicts: await openClashes(finder, sides, plan.clashes.slice(0, MOST_CONFLICTS)),
        isApproved,
        mayApprove: await authors.isIndependent(scope, heads),
      };
    },

    /** Creates a new version of main in one step. Throws `conflict` for conflicts without a chosen side. */
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

function checkSides({ clashes }: MergePlan, sideOf: (itemId: string) => Side | undefined): void {
  const open = clashes.filter(({ ours }) => sideOf(ours.itemId) === undefined);
  if (open.length > 0) throw hasConflicts(open.map(({ ours }) => ours.itemId));
}

const notApproved = (branch: string, version: number | null) =>
  new AppError("unprocessable", {
    message: `Version ${version} of ${branch} is not approved. Ask a person who did not change the branch to approve it, then merge.`,
  });
const dirtyMain = () =>
  new AppError("unprocessable", {
    message: "main has an uncommitted draft. Commit or discard it, then merge.",
  });
const hasConflicts = (itemIds: readonly string[]) =>
  new AppError("conflict", {
    message: `${countOf(itemIds.length, "item was", "items were")} changed on both sides. For each item, choose ours (main) or theirs in \`resolutions\`, or choose one side for all in \`otherwise\`.`,
    details: { itemIds: itemIds.slice(0, 200) },
  });
