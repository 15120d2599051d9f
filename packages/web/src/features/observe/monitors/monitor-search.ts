/** The list: monitors with a text in their name, in one state. */
export type ListSearch = { q?: string | undefined; state?: string | undefined };
/** The form of a new monitor: of a template, as a copy of a monitor, or with a measure from elsewhere. */
export type NewSearch = {
  template?: string | undefined;
  copy?: string | undefined;
  measure?: string | undefined;
  filter?: string | undefined;
  group?: string | undefined;
};
