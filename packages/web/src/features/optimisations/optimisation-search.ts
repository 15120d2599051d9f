/** What of the address the list reads. */
export type ListSearch = { search?: string; status?: string };

/** What a new search begins with: a prompt and a version of it. */
export type NewSearch = { prompt?: string; version?: string };

export const TABS = ["Result", "Candidates", "Items"] as const;
export type TabName = (typeof TABS)[number];

/** What of the address one search reads: its part, and the candidate that is looked at. */
export type OptimisationSearch = { tab?: string; candidate?: string };

/** The open part; the result when an address names none that there is. */
export const tabOf = ({ tab }: OptimisationSearch): TabName =>
  TABS.find((name) => name.toLowerCase() === tab) ?? "Result";
