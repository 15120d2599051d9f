/** What of the address the list reads. */
export type RegistrySearch = { search?: string; tag?: string; stage?: string; base?: string };

/** What of the address a comparison reads: two versions, each as `name@v1`. */
export type CompareSearch = { left?: string; right?: string };

export const TABS = ["Overview", "Release", "Files", "Lineage", "Card"] as const;
export type TabName = (typeof TABS)[number];

/** What of the address a model's page reads: the version and the part that are open. */
export type ModelSearch = { version?: string; tab?: string };

/** The open part; the overview when an address names none that there is. */
export const tabOf = ({ tab }: ModelSearch): TabName => TABS.find((name) => name.toLowerCase() === tab) ?? "Overview";

/** A version as an address names it. */
type VersionRef = { name: string; version: string };

/** `name@v3`, `name@3` or `name@alias`; undefined for what is none of them. */
export function refIn(text: string | undefined): VersionRef | undefined {
  const [, name, version] = /^([^@/]+)@v?(.+)$/.exec(text ?? "") ?? [];
  return name && version ? { name, version } : undefined;
}

export const refText = ({ name, version }: VersionRef) => `${name}@${/^\d/.test(version) ? "v" : ""}${version}`;
