/** What of the address the list reads. */
export type ListSearch = { search?: string; status?: string; dataset?: string };

/** What a new experiment begins with: a dataset, a prompt, or another experiment. */
export type NewSearch = { dataset?: string; prompt?: string; from?: string };

/** Which items are listed, in which order, and the one that is open. */
export type ItemsSearch = {
  scorer?: string;
  changed?: string;
  state?: string;
  slice?: string;
  search?: string;
  sort?: string;
  open?: string;
};

/** What of the address one experiment reads: its part, and whose answers stand side by side. */
export type ExperimentSearch = ItemsSearch & { tab?: string; run?: string; base?: string };

/** Which runs are compared, and what is looked at. */
export type CompareSearch = ItemsSearch & {
  base?: string;
  heads?: string;
  /** The head whose items and slices are shown. */
  head?: string;
  tab?: string;
  margin?: string;
  field?: string;
};

/** Which verdicts of a judging are listed, and the one that is open. */
export type VerdictSearch = { pair?: string; outcome?: string; open?: string };

export type BoardSearch = { dataset?: string; scorer?: string; by?: string };
export type PlanSearch = { run?: string; against?: string; scorer?: string; difference?: string };

/** Only what the items read, so that an address holds nothing else. */
export const itemsSearch = (search: ItemsSearch): ItemsSearch => ({
  scorer: search.scorer || undefined,
  changed: search.changed || undefined,
  state: search.state || undefined,
  slice: search.slice || undefined,
  search: search.search || undefined,
  sort: search.sort || undefined,
  open: search.open || undefined,
});

/** Ids that an address holds with commas between them. */
export const idsIn = (text: string | undefined): readonly string[] => [
  ...new Set((text ?? "").split(",").filter(Boolean)),
];
