import { SCORER_GROUPS } from "@treadle/contract";

export type Group = (typeof SCORER_GROUPS)[number];

/** What of the address the list of scorers reads. */
export type ListSearch = { search?: string; group?: string; archived?: string };

/** The kind that a new scorer is of. */
export type NewSearch = { kind?: string };

/** What of the address one scorer reads: its part, the version that is shown, and the calibration. */
export type ScorerSearch = { version?: string; tab?: string; calibration?: string };

export const isGroup = (name: string | undefined): name is Group => SCORER_GROUPS.some((group) => group === name);
