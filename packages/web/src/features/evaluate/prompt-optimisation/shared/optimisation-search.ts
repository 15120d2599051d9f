/** The address parameters of the list. */
export type ListSearch = { search?: string; status?: string };

/** The starting values of a new optimisation: a prompt and its version. */
export type NewSearch = { prompt?: string; version?: string };

export const TABS = ["Result", "Candidates", "Items"] as const;
export type TabName = (typeof TABS)[number];

/** The address parameters of an optimisation: its tab, and the open candidate. */
export type OptimisationSearch = { tab?: string; candidate?: string };

/** The open tab; the result if the address names no valid tab. */
export const tabOf = ({ tab }: OptimisationSearch): TabName =>
  TABS.find((name) => name.toLowerCase() === tab) ?? "Result";
