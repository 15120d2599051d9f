/** What of the address the list reads. */
export type RegistrySearch = { search?: string };

export const TABS = ["Overview", "Files", "Lineage", "Card"] as const;
export type TabName = (typeof TABS)[number];

/** What of the address a model's page reads: the version and the part that are open. */
export type ModelSearch = { version?: string; tab?: string };

/** The open part; the overview when an address names none that there is. */
export const tabOf = ({ tab }: ModelSearch): TabName => TABS.find((name) => name.toLowerCase() === tab) ?? "Overview";
