import type { RangeSearch } from "../../components/time-range.ts";

export const TABS = ["Prompt", "Changes", "Labels", "Usage", "Comments"] as const;
export type TabName = (typeof TABS)[number];

/** What the address of the list says: what is looked for, and whether a new prompt is being written. */
export type ListSearch = { search?: string; folder?: string; tag?: string; archived?: string; new?: string };

/** What the address of a prompt says: the open version, the part, and what it is compared with. */
export type PromptSearch = RangeSearch & { version?: string; tab?: string; against?: string; edit?: string };

/** The open part; the prompt itself when an address names none that there is. */
export const tabOf = ({ tab }: PromptSearch): TabName => TABS.find((name) => name.toLowerCase() === tab) ?? "Prompt";

/** A version's number in an address, or undefined when it is none. */
export function versionIn(text: string | undefined): number | undefined {
  const version = Number(text);
  return Number.isInteger(version) && version > 0 ? version : undefined;
}
