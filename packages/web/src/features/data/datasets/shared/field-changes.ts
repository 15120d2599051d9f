/** A changed value of an item. `before` or `after` is undefined if the value was absent. */
export type FieldChange = { readonly path: string; readonly before: unknown; readonly after: unknown };

type Fields = Readonly<Record<string, unknown>>;
const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;

/** The differences between two values, down to single texts and numbers, by path. */
export function changesBetween(before: unknown, after: unknown, path = ""): readonly FieldChange[] {
  if (Object.is(before, after)) return [];
  if (!isFields(before) || !isFields(after) || Array.isArray(before) !== Array.isArray(after))
    return [{ path, before, after }];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return names.flatMap((name) =>
    changesBetween(
      before[name],
      after[name],
      Array.isArray(before) ? `${path}[${name}]` : path ? `${path}.${name}` : name,
    ),
  );
}
