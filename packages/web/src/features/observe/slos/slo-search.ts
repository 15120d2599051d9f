/** `endpoint` opens the form of a new SLO for it. */
export type SloSearch = { q?: string | undefined; endpoint?: string | undefined };
