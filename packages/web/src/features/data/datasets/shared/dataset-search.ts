/** The address parameters of the list of datasets. */
export type DatasetsSearch = { search?: string; evaluation?: string; new?: string };

/** The address parameters of the items page: the version, the list, and the open item. */
export type ItemsSearch = {
  at?: string;
  filter?: string;
  sort?: string;
  /** The offset of the first item in the list. */
  from?: string;
  columns?: string;
  open?: string;
  edit?: string;
  /** The field of the distribution panel. */
  field?: string;
  /** The open dialog for adding items: by hand, or from traces. */
  add?: string;
};

/** The uploaded file, and its import once it started. */
export type ImportSearch = { upload?: string; run?: string };

/** The map, its colour field, and the open item. */
export type MapSearch = { map?: string; by?: string; open?: string; edit?: string };

export type DiffSearch = { from?: string; to?: string; kind?: string };

/** The name of a branch's draft in addresses and in the API. */
export const draftRef = (branch: string): string => (branch === "main" ? "draft" : `draft:${branch}`);

/** A version or a draft, as text. */
export function refWords(ref: string): string {
  if (ref === "draft") return "the draft";
  if (ref.startsWith("draft:")) return `the draft of ${ref.slice("draft:".length)}`;
  return /^\d+$/.test(ref) ? `version ${ref}` : ref;
}
