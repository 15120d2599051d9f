/** What of the address the list of datasets reads. */
export type DatasetsSearch = { search?: string; evaluation?: string; new?: string };

/** What of the address the items read: which version, which of its items, and the one that is open. */
export type ItemsSearch = {
  at?: string;
  filter?: string;
  sort?: string;
  /** The place of the first item that is listed. */
  from?: string;
  columns?: string;
  open?: string;
  edit?: string;
  /** The field whose values are shown above the items. */
  field?: string;
  /** What is being added: an item by hand, or spans. */
  add?: string;
};

/** The file that was sent, and its import once it was begun. */
export type ImportSearch = { upload?: string; run?: string };

/** Which map, what colours it, and the item that is open. */
export type MapSearch = { map?: string; by?: string; open?: string; edit?: string };

export type DiffSearch = { from?: string; to?: string; kind?: string };

/** How the draft of a branch is named in an address and in the API. */
export const draftRef = (branch: string): string => (branch === "main" ? "draft" : `draft:${branch}`);

/** A version or a draft in words. */
export function refWords(ref: string): string {
  if (ref === "draft") return "the draft";
  if (ref.startsWith("draft:")) return `the draft of ${ref.slice("draft:".length)}`;
  return /^\d+$/.test(ref) ? `version ${ref}` : ref;
}
