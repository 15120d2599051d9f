/** The list: which incidents are shown. */
export type ListSearch = {
  state?: string | undefined;
  severity?: string | undefined;
  source?: string | undefined;
  owner?: string | undefined;
  search?: string | undefined;
};
/** The snapshot of the evidence that is shown. */
export type IncidentSearch = { snapshot?: string | undefined };
