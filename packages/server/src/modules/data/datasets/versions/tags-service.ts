import type { DatasetVersionSummary } from "@treadle/contract";
import { AppError, notFound } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { DraftDeps } from "../drafts/drafts-service.ts";
import { createBranchStore } from "../stores/branch-store.ts";
import { createTagStore } from "../stores/tag-store.ts";
import type { VersionSummaryRow } from "../stores/version-store.ts";

/** Names of versions that can be moved. */
export function createTags({ db, places, audit, namesOf }: Pick<DraftDeps, "db" | "places" | "audit" | "namesOf">) {
  return {
    async tag(
      scope: Scope,
      datasetId: string,
      { tag, version }: { tag: string; version: number },
    ): Promise<DatasetVersionSummary> {
      const which = { projectId: scope.projectId, datasetId };
      const row = await places.versionOf(scope, datasetId, version);
      if (await createBranchStore(db).find({ ...which, branch: tag }))
        throw new AppError("conflict", {
          message: `"${tag}" is the name of a branch. Choose another name for the tag.`,
        });
      await db.transaction(async (tx) => {
        await createTagStore(tx).save(which, tag, version);
        await audit.record(scope, { action: "dataset.tag", target: datasetId, details: { tag, version } }, tx);
      });
      return toVersionSummary(row, await namesOf(scope.projectId, [row.author]), await createTagStore(db).list(which));
    },

    async untag(scope: Scope, datasetId: string, tag: string): Promise<void> {
      await db.transaction(async (tx) => {
        const isGone = await createTagStore(tx).delete({ projectId: scope.projectId, datasetId }, tag);
        if (!isGone) throw notFound("tag", tag);
        await audit.record(scope, { action: "dataset.untag", target: datasetId, details: { tag } }, tx);
      });
    },
  };
}

type Tags = readonly { readonly name: string; readonly number: number }[];

/** A version as lists show it, with its tags among all of the dataset. */
export const toVersionSummary = (
  row: VersionSummaryRow,
  names: ReadonlyMap<string, string>,
  tags: Tags,
): DatasetVersionSummary => ({
  version: row.number,
  root: row.root,
  branch: row.branch,
  parent: row.parent,
  mergedFrom: row.mergedFrom,
  message: row.message,
  author: names.get(row.author) ?? row.author,
  createdAt: row.createdAt.toISOString(),
  tags: tags.filter(({ number }) => number === row.number).map(({ name }) => name),
  rows: row.rows,
});
