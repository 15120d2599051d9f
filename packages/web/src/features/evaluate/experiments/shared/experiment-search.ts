/** The address parameters of the list. */
export type ListSearch = { search?: string; status?: string; dataset?: string };

/** The starting values of a new experiment: a dataset, a prompt, or another experiment. */
export type NewSearch = { dataset?: string; prompt?: string; from?: string };

/** The filter and order of the items, and the open item. */
export type ItemsSearch = {
  scorer?: string;
  changed?: string;
  state?: string;
  slice?: string;
  search?: string;
  sort?: string;
  open?: string;
};

/** The address parameters of an experiment: its tab, and the runs shown side by side. */
export type ExperimentSearch = ItemsSearch & { tab?: string; run?: string; base?: string };

/** The runs of a comparison, and the open tab. */
export type CompareSearch = ItemsSearch & {
  base?: string;
  heads?: string;
  /** The run whose items and slices are shown. */
  head?: string;
  tab?: string;
  margin?: string;
  field?: string;
};

/** The filter of a comparison's verdicts, and the open verdict. */
export type VerdictSearch = { pair?: string; outcome?: string; open?: string };

export type BoardSearch = { dataset?: string; scorer?: string; by?: string };
export type PlanSearch = { run?: string; against?: string; scorer?: string; difference?: string };

/** Only the parameters of the items list, so that the address has no others. */
export const itemsSearch = (search: ItemsSearch): ItemsSearch => ({
  scorer: search.scorer || undefined,
  changed: search.changed || undefined,
  state: search.state || undefined,
  slice: search.slice || undefined,
  search: search.search || undefined,
  sort: search.sort || undefined,
  open: search.open || undefined,
});

/** Ids separated by commas in an address. */
export const idsIn = (text: string | undefined): readonly string[] => [
  ...new Set((text ?? "").split(",").filter(Boolean)),
];
