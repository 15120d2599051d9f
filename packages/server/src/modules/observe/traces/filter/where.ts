/** Conditions for a WHERE, and the values the engine binds to them. */
export type Where = { readonly sql: string; readonly params: Readonly<Record<string, unknown>> };
