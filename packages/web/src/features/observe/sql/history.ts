export type PastStatement = { readonly sql: string; readonly at: string };

const KEPT = 50;

/** The statements that were run, the newest first and each only once. */
export const withStatement = (history: readonly PastStatement[], statement: PastStatement): readonly PastStatement[] =>
  [statement, ...history.filter(({ sql }) => sql !== statement.sql)].slice(0, KEPT);

/** The line and column of a place that is counted from 1, as an editor shows them. */
export function placeIn(sql: string, position: number): { line: number; column: number } {
  const before = sql.slice(0, Math.max(0, position - 1)).split("\n");
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
}
