import { SCORER_GROUPS } from "@treadle/contract";

export type Group = (typeof SCORER_GROUPS)[number];

/** The address parameters of the list of scorers. */
export type ListSearch = { search?: string; group?: string; archived?: string };

/** The kind of a new scorer. */
export type NewSearch = { kind?: string };

/** The address parameters of a scorer: its tab, version and calibration. */
export type ScorerSearch = { version?: string; tab?: string; calibration?: string };

export const isGroup = (name: string | undefined): name is Group => SCORER_GROUPS.some((group) => group === name);
