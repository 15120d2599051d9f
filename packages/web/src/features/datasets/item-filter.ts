/** A value as the filter language writes it: in quotes where it is more than a word. */
const writeValue = (value: string): string =>
  /^[\w.@/-]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`;

/** One condition of the filter language, such as `split:train`. */
export const conditionOf = (field: string, value: string): string => `${field}:${writeValue(value)}`;

export const hasCondition = (filter: string, condition: string): boolean => ` ${filter} `.includes(` ${condition} `);

/** The filter with the condition, or without it when it was there. */
export function toggleCondition(filter: string, condition: string): string {
  if (!hasCondition(filter, condition)) return `${filter} ${condition}`.trim();
  return ` ${filter} `.replace(` ${condition} `, " ").trim();
}
