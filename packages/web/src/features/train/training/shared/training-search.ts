/** The list's address parameters; `picked` are the runs to compare, separated by commas. */
export type ListSearch = { search?: string; status?: string; picked?: string };

/** The starting values of a new run: a dataset, a base model, or another run. */
export type NewSearch = { dataset?: string; base?: string; from?: string };

export type SweepListSearch = { search?: string };
export type RunSearch = { tab?: string };
export type CompareSearch = { runs?: string };

/** Ids separated by commas in an address. */
export const idsIn = (text: string | undefined): readonly string[] => [
  ...new Set((text ?? "").split(",").filter(Boolean)),
];
