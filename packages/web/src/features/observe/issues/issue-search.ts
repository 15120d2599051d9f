export const ISSUE_TABS = ["open", "new", "acknowledged", "regressed", "resolved", "ignored"] as const;
export type IssueTab = (typeof ISSUE_TABS)[number];
export const ISSUE_SORTS = ["lastSeen", "firstSeen", "occurrences", "users"] as const;
export type IssueSort = (typeof ISSUE_SORTS)[number];

/** The state of the list in the address. The defaults are left out. */
export type IssueSearch = {
  state?: IssueTab | undefined;
  sort?: IssueSort | undefined;
  q?: string | undefined;
  release?: string | undefined;
};

export function readIssueSearch({ state, sort, q, release }: IssueSearch): IssueSearch {
  return {
    state: state && state !== "open" && ISSUE_TABS.includes(state) ? state : undefined,
    sort: sort && sort !== "lastSeen" && ISSUE_SORTS.includes(sort) ? sort : undefined,
    q: typeof q === "string" ? q.slice(0, 200) || undefined : undefined,
    release: typeof release === "string" ? release.slice(0, 200) || undefined : undefined,
  };
}
