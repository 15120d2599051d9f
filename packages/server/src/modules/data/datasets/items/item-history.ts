import type { DiffItem, Item } from "@treadle/contract";
import { wholeList } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import type { EncodedRow } from "../chunks/item-hash.ts";
import type { Manifests } from "../chunks/manifest.ts";
import type { NamesOf } from "../drafts/drafts-service.ts";
import type { Places } from "../drafts/resolve-ref.ts";
import type { Indexing } from "../rows/index-rows.ts";
import type { ItemFinder } from "../rows/locate-items.ts";
import { createVersionStore, type VersionSummaryRow } from "../stores/version-store.ts";

type Deps = {
  readonly db: Postgres;
  readonly places: Places;
  readonly manifests: Manifests;
  readonly indexing: Indexing;
  readonly finder: ItemFinder;
  readonly namesOf: NamesOf;
};
type HistoryItem = {
  version: number;
  kind: DiffItem["kind"];
  message: string;
  author: string;
  createdAt: string;
  item: Item | null;
};
/** How many versions back an item's history goes. */
const MOST_VERSIONS = 200;

/** In which versions an item came, changed or went. */
export function createItemHistory({ db, places, manifests, indexing, finder, namesOf }: Deps) {
  /** The newest versions of a branch, back through those it came from. */
  async function listAncestors(scope: Scope, datasetId: string, branch: string) {
    const which = { projectId: scope.projectId, datasetId };
    const store = createVersionStore(db);
    const versions: VersionSummaryRow[] = [];
    let next = (await places.branchOf(scope, datasetId, branch)).head;
    while (next !== null && versions.length <= MOST_VERSIONS) {
      const row: VersionSummaryRow | undefined = await store.find(which, next);
      if (!row) break;
      versions.push(row);
      next = row.parent;
    }
    return versions;
  }

  async function history(scope: Scope, place: { datasetId: string; itemId: string; branch: string }) {
    const { datasetId, itemId, branch } = place;
    const versions = await listAncestors(scope, datasetId, branch);
    const newest = versions[0] && (await manifests.read(versions[0].manifestSha));
    if (newest) await indexing.catchUp(scope, newest);
    const known = await indexing.rows.locate(scope.projectId, [itemId]);
    const rowOf = new Map(known.map(({ object, row }) => [object, row]));
    const states: (EncodedRow | null)[] = [];
    for (const { manifestSha } of versions) {
      const { chunks } = await manifests.read(manifestSha);
      const chunk = chunks.find(({ object }) => rowOf.has(object));
      const row = chunk && rowOf.get(chunk.object);
      const alone = chunk && { sha: manifestSha, root: "", rows: chunk.rows, chunks: [chunk] };
      states.push(alone && row !== undefined ? ((await finder.readPositions(alone, [row]))[0] ?? null) : null);
    }
    const names = await namesOf(
      scope.projectId,
      versions.map(({ author }) => author),
    );
    const items = versions.slice(0, MOST_VERSIONS).flatMap((version, at): HistoryItem[] => {
      const kind = kindOf(states[at + 1] ?? null, states[at] ?? null);
      if (kind === null) return [];
      const { number, message, author, createdAt } = version;
      return [
        {
          version: number,
          kind,
          message,
          author: names.get(author) ?? author,
          createdAt: createdAt.toISOString(),
          item: states[at]?.item ?? null,
        },
      ];
    });
    return { ...wholeList(items), isPartial: versions.length > MOST_VERSIONS };
  }
  return history;
}

function kindOf(before: EncodedRow | null, after: EncodedRow | null): DiffItem["kind"] | null {
  if (before === null) return after === null ? null : "added";
  if (after === null) return "removed";
  return before.rowHash === after.rowHash ? null : "changed";
}
