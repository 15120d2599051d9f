/** The address parameters of the list. */
export type RegistrySearch = { search?: string; tag?: string; stage?: string; base?: string };

/** The address parameters of a comparison: two versions, each as `name@v1`. */
export type CompareSearch = { left?: string; right?: string };

export const TABS = ["Overview", "Release", "Files", "Lineage", "Card"] as const;
export type TabName = (typeof TABS)[number];

/** The address parameters of a model page: the open version and tab. */
export type ModelSearch = { version?: string; tab?: string };

/** The open tab; the overview if the address names no valid tab. */
export const tabOf = ({ tab }: ModelSearch): TabName => TABS.find((name) => name.toLowerCase() === tab) ?? "Overview";

/** A version in the form used in addresses. */
type VersionRef = { name: string; version: string };

/** Parses `name@v3`, `name@3` or `name@alias`; undefined for anything else. */
export function refIn(text: string | undefined): VersionRef | undefined {
  const [, name, version] = /^([^@/]+)@v?(.+)$/.exec(text ?? "") ?? [];
  return name && version ? { name, version } : undefined;
}

export const refText = ({ name, version }: VersionRef) => `${name}@${/^\d/.test(version) ? "v" : ""}${version}`;
