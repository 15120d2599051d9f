/** The form: the calls of a filter in a time range, or the calls of an endpoint. */
export type NewSearch = {
  filter?: string | undefined;
  from?: string | undefined;
  to?: string | undefined;
  endpoint?: string | undefined;
};
/** The list, with the endpoint whose logged traffic is estimated. */
export type ListSearch = { endpoint?: string | undefined };
