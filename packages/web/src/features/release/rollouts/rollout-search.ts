/** The list: rollouts of one state or endpoint. */
export type ListSearch = { state?: string | undefined; endpoint?: string | undefined };
/** The form: for an endpoint and a candidate, or with the content of a draft. */
export type NewSearch = { endpoint?: string | undefined; draft?: string | undefined; candidate?: string | undefined };
