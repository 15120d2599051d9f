import type { SearchMode } from "@treadle/contract";

/** What the addresses of the pages hold. */
export type ListSearch = { search?: string | undefined };
export type DocumentsSearch = {
  search?: string | undefined;
  state?: string | undefined;
  /** The id of a source. */
  source?: string | undefined;
};
export type QuerySearch = {
  q?: string | undefined;
  mode?: SearchMode | undefined;
  version?: string | undefined;
  /** Principals, separated by commas. */
  as?: string | undefined;
  limit?: string | undefined;
};
export type VersionsSearch = { from?: string | undefined; to?: string | undefined };
export type DocumentSearch = { chunk?: string | undefined; version?: string | undefined };
/** The question set that is shown. */
export type EvaluationSearch = { set?: string | undefined };
