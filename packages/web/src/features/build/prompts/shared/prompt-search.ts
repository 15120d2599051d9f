import type { RangeSearch } from "../../../../components/time/time-range.ts";

export const TABS = ["Prompt", "Changes", "Labels", "Usage", "Comments"] as const;
export type TabName = (typeof TABS)[number];

/** The URL parameters of the list: the search, and whether a new prompt is open. */
export type ListSearch = { search?: string; folder?: string; tag?: string; archived?: string; new?: string };

/** The URL parameters of a prompt: the open version, the tab and the compared version. */
export type PromptSearch = RangeSearch & { version?: string; tab?: string; against?: string; edit?: string };

/** The open part; the prompt itself when an address names none that there is. */
export const tabOf = ({ tab }: PromptSearch): TabName => TABS.find((name) => name.toLowerCase() === tab) ?? "Prompt";

/** A version's number in an address, or undefined when it is none. */
export function versionIn(text: string | undefined): number | undefined {
  const version = Number(text);
  return Number.isInteger(version) && version > 0 ? version : undefined;
}
