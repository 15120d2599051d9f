import { splitFilterPattern } from "@treadle/contract";

/** Gives a value a separate name and its type for the engine. */
export type Bind = (type: "String" | "Array(String)" | "Float64", value: unknown) => string;

export const anyOf = (conditions: readonly string[]) =>
  conditions.length === 1 ? String(conditions[0]) : `(${conditions.join(" OR ")})`;

/** A filter value without the backslashes before its asterisks. */
export const plainOf = (value: string) => splitFilterPattern(value).join("");
/** Whether a value of a filter also matches an empty text. */
export const takesEmpty = (value: string) => splitFilterPattern(value).every((part) => part === "");
const isPlain = (value: string) => splitFilterPattern(value).length === 1;

/** The filter values without patterns, and the patterns. */
export const sortValues = (values: readonly string[]) => ({
  plain: values.filter(isPlain).map(plainOf),
  patterns: values.filter((value) => !isPlain(value)),
});

/** A pattern with asterisks as LIKE wants it. */
export const likeOf = (pattern: string) =>
  splitFilterPattern(pattern)
    .map((part) => part.replaceAll(/[\\%_]/g, "\\$&"))
    .join("%");

/** Whether a text equals one of the filter's values, or matches a pattern. */
export function isOneOf(sql: string, values: readonly string[], bind: Bind): string {
  const { plain, patterns } = sortValues(values);
  return anyOf([
    ...(plain.length > 0 ? [`${sql} IN ${bind("Array(String)", plain)}`] : []),
    ...patterns.map((pattern) => `${sql} LIKE ${bind("String", likeOf(pattern))}`),
  ]);
}
