type Tags = Readonly<Record<string, string>>;

/** A tag as people enter it: `team=support`, or `golden` without a value. */
export const tagText = (key: string, value: string) => (value === "" ? key : `${key}=${value}`);

/** The tags plus one, entered as `key=value` or `key`; null if it is invalid or already there. */
export function withTag(tags: Tags, text: string): Record<string, string> | null {
  const at = text.indexOf("=");
  const key = (at === -1 ? text : text.slice(0, at)).trim();
  const value = at === -1 ? "" : text.slice(at + 1).trim();
  return key === "" || tags[key] === value ? null : { ...tags, [key]: value };
}

export function withoutTag(tags: Tags, key: string): Record<string, string> {
  const { [key]: _, ...rest } = tags;
  return rest;
}
