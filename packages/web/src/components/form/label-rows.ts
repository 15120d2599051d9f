/** A label as it is typed. A row without a name is no label yet. */
export type LabelRow = { readonly name: string; readonly value: string };

export const toLabelRows = (labels: Readonly<Record<string, string>>): LabelRow[] =>
  Object.entries(labels).map(([name, value]) => ({ name, value }));

/** The labels of the rows. Rows without a name are left out. */
export const toLabels = (rows: readonly LabelRow[]): Record<string, string> =>
  Object.fromEntries(rows.flatMap(({ name, value }) => (name.trim() ? [[name.trim(), value.trim()]] : [])));

/** Why the rows are no labels, or undefined. */
export function labelsError(rows: readonly LabelRow[]): string | undefined {
  if (rows.some(({ name, value }) => name.trim() === "" && value.trim() !== "")) return "Enter a name for each label.";
  const names = rows.map(({ name }) => name.trim()).filter(Boolean);
  const twice = names.find((name, place) => names.indexOf(name) < place);
  return twice === undefined ? undefined : `Two labels have the name ${twice}.`;
}
