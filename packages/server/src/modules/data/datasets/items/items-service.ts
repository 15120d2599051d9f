import type { ItemRow } from "@treadle/contract";
import { notFound } from "../../../../kernel/errors.ts";
import { fromCursor, toCursor } from "../../../../kernel/pages.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { Places } from "../drafts/resolve-ref.ts";
import type { Indexing } from "../rows/index-rows.ts";
import type { ItemFinder, PlacedRow } from "../rows/locate-items.ts";
import { showItem } from "./show-item.ts";

type Deps = { readonly places: Places; readonly indexing: Indexing; readonly finder: ItemFinder };
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

/** Items of any version or draft, as people look at them. */
export function createItems({ places, indexing, finder }: Deps) {
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

  return {
    list,
    get,
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
      const distribution = await indexing.rows.distribution(
        { projectId: scope.projectId, manifest },
        { filter, field },
      );
      return { ...distribution, searchedRows };
    },
  };
}

const toItemRow = ({ item, rowHash, position }: PlacedRow): ItemRow => ({ ...item, rowHash, position });

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
