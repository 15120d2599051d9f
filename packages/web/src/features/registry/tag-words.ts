type Tags = Readonly<Record<string, string>>;

/** A tag as people write it: `team=support`, or `golden` without a value. */
export const tagText = (key: string, value: string) => (value === "" ? key : `${key}=${value}`);

/** The tags with one more, written as `key=value` or `key`; null for what is no tag, or is there already. */
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
