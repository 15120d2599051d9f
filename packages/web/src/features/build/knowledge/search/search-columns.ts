import type { SearchMode } from "@treadle/contract";
import type { QuerySearch } from "../shared/knowledge-search.ts";
import { readPrincipals } from "../shared/read-principals.ts";
import type { SearchBody } from "./use-search.ts";

/** How the results of a mode are shown: hybrid search next to the two lists that it joins. */
export const columnsOf = (mode: SearchMode): readonly SearchMode[] =>
  mode === "hybrid" ? ["words", "meaning", "hybrid"] : [mode];

export const LIMITS = ["5", "10", "20", "50"] as const;
export const DEFAULT_LIMIT = "10";

export const limitOf = ({ limit }: QuerySearch): string => LIMITS.find((one) => one === limit) ?? DEFAULT_LIMIT;

/**
 * The request of one column. Undefined without a query, or while a principal is invalid. Next to hybrid search the lists are shown as
 * they are joined: without variety and without a cap per document.
 */
export function bodyOf(column: SearchMode, shown: SearchMode, address: QuerySearch): SearchBody | undefined {
  const { q, version, as } = address;
  const { principals, error } = readPrincipals(as ?? "", ",");
  if (!q?.trim() || error !== undefined) return undefined;
  return {
    query: q,
    limit: Number(limitOf(address)),
    explain: column !== "meaning",
    searching: column === shown ? { mode: column } : { mode: column, diversity: 0, perDocument: 0 },
    ...(version !== undefined && { version: Number(version) }),
    ...(principals.length > 0 && { principals: [...principals] }),
  };
}
