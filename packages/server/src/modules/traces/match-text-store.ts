import { splitFilterPattern } from "@treadle/contract";

/** Gives a value a name of its own and says how the engine is to read it. */
export type Bind = (type: "String" | "Array(String)" | "Float64", value: unknown) => string;

export const anyOf = (conditions: readonly string[]) =>
  conditions.length === 1 ? String(conditions[0]) : `(${conditions.join(" OR ")})`;

/** What a value of a filter says, without the backslashes before its asterisks. */
export const plainOf = (value: string) => splitFilterPattern(value).join("");
const isPlain = (value: string) => splitFilterPattern(value).length === 1;

/** The values of a filter that are no patterns, and those that are. */
export const sortValues = (values: readonly string[]) => ({
  plain: values.filter(isPlain).map(plainOf),
  patterns: values.filter((value) => !isPlain(value)),
});

/** A pattern with asterisks as LIKE wants it. */
export const likeOf = (pattern: string) =>
  splitFilterPattern(pattern)
    .map((part) => part.replaceAll(/[\\%_]/g, "\\$&"))
    .join("%");

/** Whether a text is one of the values of a filter, or matches one that is a pattern. */
export function isOneOf(sql: string, values: readonly string[], bind: Bind): string {
  const { plain, patterns } = sortValues(values);
  return anyOf([
    ...(plain.length > 0 ? [`${sql} IN ${bind("Array(String)", plain)}`] : []),
    ...patterns.map((pattern) => `${sql} LIKE ${bind("String", likeOf(pattern))}`),
  ]);
}
