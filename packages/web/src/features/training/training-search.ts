/** What of the address the list reads; `picked` are runs to be compared, with commas between them. */
export type ListSearch = { search?: string; status?: string; picked?: string };

/** What a new run begins with: a dataset, a base, or another run. */
export type NewSearch = { dataset?: string; base?: string; from?: string };

export type SweepListSearch = { search?: string };
export type RunSearch = { tab?: string };
export type CompareSearch = { runs?: string };

/** Ids that an address holds with commas between them. */
export const idsIn = (text: string | undefined): readonly string[] => [
  ...new Set((text ?? "").split(",").filter(Boolean)),
];
