import {
  type Branch,
  type BranchReview,
  type CONFLICT_SIDES,
  type DatasetVersion,
  MAIN_BRANCH,
  type MergePreview,
} from "@treadle/contract";
import { AppError, notFound } from "../../kernel/errors.ts";
import { newId } from "../../kernel/ids.ts";
import type { Scope } from "../../kernel/scope.ts";
import { type BranchRow, createBranchStore, type Place, type ReviewRow } from "./branch-store.ts";
import type { Differ } from "./diff-manifests.ts";
import type { DraftDeps } from "./drafts-service.ts";
import type { ItemStreams } from "./item-streams.ts";
import type { ItemFinder } from "./locate-items.ts";
import { EMPTY_MANIFEST, type Manifest, type Manifests } from "./manifest.ts";
import {
  countTaken,
  type MergePlan,
  MOST_CONFLICTS,
  openClashes,
  planMerge,
  planRewrite,
  type Sides,
} from "./merge-branches.ts";
import { createDatasetStore } from "./store.ts";
import { createVersionStore } from "./version-store.ts";
import type { Versions } from "./versions-service.ts";

type Deps = DraftDeps & {
  readonly manifests: Manifests;
  readonly versions: Versions;
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
const MOST_BRANCHES = 500;

/** Branches: work beside main that is looked at before it is merged. */
export function createBranches({
  db,
  places,
  manifests,
  versions,
  streams,
  finder,
  diff,
  audit,
  clock,
  namesOf,
}: Deps) {
  const store = createBranchStore(db);
  const placeOf = (scope: Scope, { datasetId, branch }: On): Place => ({
    projectId: scope.projectId,
    datasetId,
    branch,
  });

  async function describe(scope: Scope, row: BranchRow): Promise<Branch> {
    const place = placeOf(scope, { datasetId: row.datasetId, branch: row.name });
    const review = (await store.findReview(place)) ?? null;
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
    const all = createVersionStore(db);
    const ancestorsOf = async (head: number | null) => {
      const found = new Set<number>();
      const waiting = head === null ? [] : [head];
      for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
        if (found.has(next)) continue;
        found.add(next);
        const row = await all.find(which, next);
        for (const parent of [row?.parent, row?.mergedFrom]) if (typeof parent === "number") waiting.push(parent);
      }
      return found;
    };
    const [own, other] = [await ancestorsOf(heads[0]), await ancestorsOf(heads[1])];
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
    const review = await store.findReview(placeOf(scope, on));
    const isApproved = review?.verdict === "approve" && review.number === branch.head;
    return { branch, main, base, sides, isApproved, plan: await planMerge(diff, sides) };
  }

  return {
    async list(scope: Scope, datasetId: string) {
      await places.branchOf(scope, datasetId, MAIN_BRANCH);
      const rows = await store.list({ projectId: scope.projectId, datasetId });
      const items: Branch[] = [];
      for (const row of rows) items.push(await describe(scope, row));
      return { items };
    },

    async create(scope: Scope, datasetId: string, { name, from }: { name: string; from: string }): Promise<Branch> {
      const { version, label } = await places.open(scope, { datasetId, at: from });
      if (!version)
        throw new AppError("unprocessable", {
          message: `A branch begins at a version, and ${label} is none. Commit first.`,
        });
      const which = { projectId: scope.projectId, datasetId };
      const now = new Date(clock.now());
      const by = { createdBy: scope.actor, createdAt: now, updatedAt: now };
      const row = { ...which, name, head: version.number, base: version.number, revision: 0, applied: 0, ...by };
      await db.transaction(async (tx) => {
        const inside = createBranchStore(tx);
        if ((await inside.list(which)).length >= MOST_BRANCHES)
          throw new AppError("unprocessable", {
            message: `A dataset has at most ${MOST_BRANCHES} branches. Delete some.`,
          });
        const isTag = (await createVersionStore(tx).findTag(which, name)) !== undefined;
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
      if (on.branch === MAIN_BRANCH) throw new AppError("unprocessable", { message: "main cannot be deleted." });
      await db.transaction(async (tx) => {
        if (!(await createBranchStore(tx).delete(placeOf(scope, on)))) throw notFound("branch", on.branch);
        await audit.record(
          scope,
          { action: "dataset.unbranch", target: on.datasetId, details: { name: on.branch } },
          tx,
        );
      });
    },

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
      const row = { id: newId("rev", now), ...placeOf(scope, on), number: version, verdict, comment, ...by };
      await db.transaction(async (tx) => {
        await createBranchStore(tx).addReview(row);
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
        base,
        ours: main.head,
        theirs: branch.head,
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
      const open = plan.clashes.filter(({ ours }) => sideOf(ours.itemId) === undefined);
      if (open.length > 0) throw hasConflicts(open.map(({ ours }) => ours.itemId));
      const rewrite = await planRewrite(scope, finder, { sides, plan, sideOf: (itemId) => sideOf(itemId) ?? "ours" });
      const { manifest, counts } = await streams.rewriteItems(scope, sides.ours, rewrite);
      const dataset = await createDatasetStore(db).find(scope.projectId, on.datasetId);
      if (dataset) await versions.checkItems(dataset.schema, manifest, sides.ours);
      const summary = `Merged ${on.branch}, version ${branch.head}`;
      const step = { kind: "merge" as const, summary, counts, recipe: mergeRecipe(plan, { resolutions, otherwise }) };
      const number = await versions.create(scope, on.datasetId, {
        branch: MAIN_BRANCH,
        revision: main.revision,
        manifest,
        parent: main.head,
        mergedFrom: branch.head,
        message,
        stats: await versions.statsOf(scope, manifest),
        steps: [{ ...step, author: scope.actor, createdAt: new Date(clock.now()).toISOString() }],
      });
      return versions.get(scope, on.datasetId, String(number));
    },
  };
}
export type Branches = ReturnType<typeof createBranches>;

const mergeRecipe = ({ clashes }: MergePlan, { resolutions, otherwise }: Omit<Merge, "message">) =>
  clashes.length === 0 ? null : { conflicts: clashes.length, resolutions, otherwise: otherwise ?? null };

const toReview = (row: ReviewRow, names: ReadonlyMap<string, string>): BranchReview => ({
  verdict: row.verdict,
  comment: row.comment,
  reviewer: names.get(row.reviewer) ?? row.reviewer,
  version: row.number,
  createdAt: row.createdAt.toISOString(),
});

const nameTaken = (name: string, kind: string) =>
  new AppError("conflict", { message: `There is a ${kind} "${name}" already. Take another name.`, details: { name } });
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
