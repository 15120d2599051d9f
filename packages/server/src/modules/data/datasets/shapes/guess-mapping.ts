import type { ColumnMapping, ColumnTarget } from "@treadle/contract";

const PREFIXED = /^(inputs|expected|metadata)\.(.+)$/s;

/** Names that people give what is expected, the likeliest first. */
const EXPECTED = [
  "expected",
  "expected_output",
  "ground_truth",
  "reference",
  "answer",
  "label",
  "category",
  "intent",
  "class",
  "target",
  "completion",
  "response",
  "output",
] as const;
const IDS: ReadonlySet<string> = new Set(["id", "item_id", "itemid", "_id", "uuid"]);
const METADATA: ReadonlySet<string> = new Set([
  ...["metadata", "meta", "source", "url", "created_at", "updated_at", "timestamp", "date", "author", "user_id"],
  ...["tags", "topic", "difficulty", "lang", "language", "score", "rating", "index", "idx", "unnamed: 0"],
]);

/** The most likely mapping of columns, by their names. Columns of an export map to their original fields. */
export function guessMapping(columns: readonly string[]): ColumnMapping[] {
  const isOurs = columns.some((column) => column.startsWith("inputs."));
  const names = columns.map((column) => column.toLowerCase().trim());
  const expected = EXPECTED.map((name) => names.indexOf(name)).find((place) => place !== -1) ?? -1;
  const guessed = columns.map((column, place): ColumnMapping => {
    const [, prefix, name] = PREFIXED.exec(column) ?? [];
    if ((prefix === "inputs" || prefix === "expected" || prefix === "metadata") && name !== undefined)
      return { column, to: prefix, name, parse: "as-is" };
    const to = isOurs ? ourTarget(column) : targetOf(names[place] ?? "", place === expected);
    return { column, to, name: null, parse: "as-is" };
  });
  if (guessed.some(({ to }) => to === "inputs")) return guessed;
  const only = guessed.find(({ to }) => to === "metadata") ?? guessed.find(({ to }) => to === "expected");
  return guessed.map((column) => (column === only ? { ...column, to: "inputs" } : column));
}

const ourTarget = (column: string): ColumnTarget =>
  column === "expected" || column === "split" || column === "id" ? column : "metadata";

function targetOf(name: string, isExpected: boolean): ColumnTarget {
  if (isExpected) return "expected";
  if (name === "split") return "split";
  if (IDS.has(name)) return "id";
  return METADATA.has(name) || name.startsWith("metadata") ? "metadata" : "inputs";
}
