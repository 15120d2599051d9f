/** Why a call exists that no caller made: a shadow repeats the request of another call, the primary. */
export type MirrorOf = {
  readonly shadowId: string;
  readonly endpoint: string;
  readonly variant: string;
  readonly primary: { readonly traceId: string; readonly spanId: string };
};

/** The actor of mirrored calls in the ledger. */
export const SHADOW_ACTOR = "shadow";
/** The tag of mirrored calls, in lists of traces and in the ledger. */
export const SHADOW_TAG = "shadow";

/** Tools that the provider itself would run, so that the repeated request could have an effect. */
export function runsTools({ tools, web_search_options: search }: Readonly<Record<string, unknown>>): boolean {
  if (search !== undefined && search !== null) return true;
  return Array.isArray(tools) && tools.some((tool: { type?: unknown } | null) => !PROPOSED.has(tool?.type));
}

/** The model only proposes calls of these tools. Anthropic's format leaves the type out. */
const PROPOSED = new Set<unknown>([undefined, null, "function", "custom"]);
