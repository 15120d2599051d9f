/** Fields of every span that starts inside. */
export type Labels = {
  readonly userId?: string;
  readonly sessionId?: string;
  readonly tags?: readonly string[];
  readonly metadata?: Readonly<Record<string, string>>;
};

/** Inner labels win; tags add up. */
export const mergeLabels = (outer: Labels, inner: Labels): Labels => ({
  ...outer,
  ...inner,
  tags: [...new Set([...(outer.tags ?? []), ...(inner.tags ?? [])])],
  metadata: { ...outer.metadata, ...inner.metadata },
});
