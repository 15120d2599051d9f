export const CONFLICTS = ["any", "only", "without"] as const;
export type PreferenceSearch = {
  /** Only pairs of this queue. */
  queue?: string | undefined;
  conflict?: (typeof CONFLICTS)[number] | undefined;
  search?: string | undefined;
};

/** The valid address parameters. */
export const readPreferenceSearch = ({ queue, conflict, search }: PreferenceSearch): PreferenceSearch => ({
  queue: queue || undefined,
  conflict: conflict === "only" || conflict === "without" ? conflict : undefined,
  search: search || undefined,
});
