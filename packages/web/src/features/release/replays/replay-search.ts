/** The form: the calls of a filter in a time range, the calls of an endpoint, or the recordings of a dataset. */
export type NewSearch = {
  filter?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  endpoint?: string | undefined;
  dataset?: string | undefined;
  version?: string | undefined;
};
/** The list, with the endpoint whose logged traffic is estimated. */
export type ListSearch = { endpoint?: string | undefined };
