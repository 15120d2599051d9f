import type { DiffItem, Item, ItemRow } from "@treadle/contract";
import { notFound } from "../../kernel/errors.ts";
import { fromCursor, toCursor } from "../../kernel/pages.ts";
import type { Scope } from "../../kernel/scope.ts";
import type { Postgres } from "../../platform/postgres/port.ts";
import type { NamesOf } from "./drafts-service.ts";
import type { Places } from "./find-place.ts";
import type { Indexing } from "./index-rows.ts";
import type { EncodedRow } from "./item-hash.ts";
import type { ItemFinder, PlacedRow } from "./locate-items.ts";
import type { Manifests } from "./manifest.ts";
import { showItem } from "./show-item.ts";
import { createVersionStore, type VersionSummaryRow } from "./version-store.ts";

type Deps = {
  readonly db: Postgres;
  readonly places: Places;
  readonly manifests: Manifests;
  readonly indexing: Indexing;
  readonly finder: ItemFinder;
  readonly namesOf: NamesOf;
};
type PageQuery = {
  readonly at: string;
  readonly filter: string;
  readonly sort: string;
  readonly columns: string;
  readonly limit: number;
  readonly cursor?: string | undefined;
  readonly from?: number | undefined;
  readonly maxChars?: number | undefined;
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

/** Items of any version or draft, as people look at them. */
export function createItems({ db, places, manifests, indexing, finder, namesOf }: Deps) {
  async function list(scope: Scope, datasetId: string, query: PageQuery) {
    const { manifest } = await places.open(scope, { datasetId, at: query.at });
    const { filter, sort, limit } = query;
    const offset = offsetOf(query);
    if (filter.trim() === "" && sort === "") {
      const most = Math.max(0, Math.min(limit, manifest.rows - offset));
      const positions = Array.from({ length: most }, (_, at) => offset + at);
      const rows = await finder.readPositions(manifest, positions);
      return {
        ...pageOf(rows, { query, offset, total: manifest.rows }),
        searchedRows: manifest.rows,
        rows: manifest.rows,
      };
    }
    const late = await indexing.catchUp(scope, manifest);
    const searched = manifest.chunks.filter(({ object }) => !late.has(object)).reduce((sum, { rows }) => sum + rows, 0);
    const page = { filter, sort, offset, limit };
    const { total, positions } = await indexing.rows.find({ projectId: scope.projectId, manifest }, page);
    const rows = await finder.readPositions(manifest, positions);
    return { ...pageOf(rows, { query, offset, total }), searchedRows: searched, rows: manifest.rows };
  }

  async function get(
    scope: Scope,
    { datasetId, itemId, at }: { datasetId: string; itemId: string; at: string },
  ): Promise<ItemRow> {
    const { manifest } = await places.open(scope, { datasetId, at });
    const row = (await finder.locate(scope, manifest, new Set([itemId]))).get(itemId);
    if (!row) throw notFound("item", itemId);
    return toItemRow(row);
  }

  /** The newest versions of a branch, back through those it came from. */
  async function listAncestors(scope: Scope, datasetId: string, branch: string) {
    const which = { projectId: scope.projectId, datasetId };
    const store = createVersionStore(db);
    const found: VersionSummaryRow[] = [];
    let next = (await places.branchOf(scope, datasetId, branch)).head;
    while (next !== null && found.length <= MOST_VERSIONS) {
      const row: VersionSummaryRow | undefined = await store.find(which, next);
      if (!row) break;
      found.push(row);
      next = row.parent;
    }
    return found;
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
    return { items, isPartial: versions.length > MOST_VERSIONS };
  }

  return {
    list,
    get,
    history,
    async distribution(
      scope: Scope,
      datasetId: string,
      { at, filter, field }: { at: string; filter: string; field: string },
    ) {
      const { manifest } = await places.open(scope, { datasetId, at });
      const late = await indexing.catchUp(scope, manifest);
      const searchedRows = manifest.chunks
        .filter(({ object }) => !late.has(object))
        .reduce((sum, { rows }) => sum + rows, 0);
      const found = await indexing.rows.distribution({ projectId: scope.projectId, manifest }, { filter, field });
      return { ...found, searchedRows };
    },
  };
}

const toItemRow = ({ item, rowHash, position }: PlacedRow): ItemRow => ({ ...item, rowHash, position });

function kindOf(before: EncodedRow | null, after: EncodedRow | null): DiffItem["kind"] | null {
  if (before === null) return after === null ? null : "added";
  if (after === null) return "removed";
  return before.rowHash === after.rowHash ? null : "changed";
}

/** Items of a version do not move, so a place among them is all a cursor needs. */
const offsetOf = ({ cursor, from }: PageQuery): number =>
  cursor === undefined ? (from ?? 0) : Math.max(0, Math.trunc(Number(fromCursor(cursor, 1)[0])) || 0);

type Shown = { readonly query: PageQuery; readonly offset: number; readonly total: number };
function pageOf(rows: readonly PlacedRow[], { query, offset, total }: Shown) {
  const end = offset + rows.length;
  const fields = query.columns.split(",").filter((field) => field !== "");
  return {
    items: rows.map((row) => showItem(toItemRow(row), { fields, maxChars: query.maxChars })),
    nextCursor: rows.length > 0 && end < total ? toCursor([end]) : null,
    total,
  };
}
