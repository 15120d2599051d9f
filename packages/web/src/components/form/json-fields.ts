/** A JSON object. */
export type Fields = Readonly<Record<string, unknown>>;

export const isFields = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The object with one key set, in its place; without it when the value is undefined. */
export function withKey(fields: Fields, name: string, value: unknown): Fields {
  if (value === undefined) return Object.fromEntries(Object.entries(fields).filter(([key]) => key !== name));
  return { ...fields, [name]: value };
}
