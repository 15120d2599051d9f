/** A value in the filter language, quoted if it is more than one word. */
const writeValue = (value: string): string =>
  /^[\w.@/-]+$/.test(value) ? value : `"${value.replaceAll(/["\\]/g, (sign) => `\\${sign}`)}"`;

/** One condition of the filter language, such as `split:train`. */
export const conditionOf = (field: string, value: string): string => `${field}:${writeValue(value)}`;

export const hasCondition = (filter: string, condition: string): boolean => ` ${filter} `.includes(` ${condition} `);

/** Adds the condition to the filter, or removes it if it is there. */
export function toggleCondition(filter: string, condition: string): string {
  if (!hasCondition(filter, condition)) return `${filter} ${condition}`.trim();
  return ` ${filter} `.replace(` ${condition} `, " ").trim();
}
