/** Calls of probes are no traffic. */
export const WITHOUT_PROBES = "environment != 'probe'";

/** Whether a query asks about environments, in its filter or its groups. Then calls of probes count too. */
export const asksAboutEnvironments = (query: unknown): boolean => /environment/.test(JSON.stringify(query));
