import { z } from "zod";
import { describeIssue } from "../../describe-issue.ts";
import { comparedValue } from "./metadata.ts";

const COMPARISONS = ["eq", "ne", "gt", "gte", "lt", "lte", "in", "nin"] as const;
const COMPOUNDS = ["and", "or"] as const;
const MOST_PARTS = 100;
const MOST_LEVELS = 5;

const Shape = z.strictObject({
  type: z
    .enum([...COMPARISONS, ...COMPOUNDS])
    .describe("How `key` is compared with `value`, or how `filters` are joined: `and` or `or`."),
  key: z.string().min(1).max(200).optional().describe("The name in the metadata. Only of a comparison."),
  value: comparedValue.optional().describe("What the metadata is compared with. A list for `in` and `nin`."),
  filters: z
    .array(z.record(z.string().max(200), z.unknown()))
    .max(MOST_PARTS)
    .optional()
    .describe("Filters of the same shape, which `and` or `or` joins."),
});
type Shape = z.output<typeof Shape>;

/**
 * A filter of metadata as OpenAI writes it: a comparison `{type, key, value}`, or a compound `{type, filters}`. It is one flat shape,
 * since generated clients do not read unions that contain themselves.
 */
export const MetadataFilter = Shape.check(({ value, issues }) => {
  for (const { path, message } of problemsOf(value, { path: [], level: 1 }))
    issues.push({ code: "custom", input: value, path: [...path], message });
});
export type MetadataFilter = z.output<typeof MetadataFilter>;

type Path = readonly (string | number)[];
type Problem = { readonly path: Path; readonly message: string };
type Place = { readonly path: Path; readonly level: number };

/** What is wrong with a filter whose fields are right. */
function problemsOf(filter: Shape, { path, level }: Place): Problem[] {
  const at = (name: string, message: string) => [{ path: [...path, name], message }];
  const { type, key, value, filters } = filter;
  if (isCompound(type)) {
    if (key !== undefined) return at("key", `is only used in a comparison. Remove it, or replace \`${type}\``);
    if (value !== undefined) return at("value", `is only used in a comparison. Remove it, or replace \`${type}\``);
    if (!filters?.length) return at("filters", `must name the filters that \`${type}\` joins`);
    if (level >= MOST_LEVELS) return at("filters", `are nested more than ${MOST_LEVELS} levels deep`);
    return filters.flatMap((part, index) =>
      partProblems(part, { path: [...path, "filters", index], level: level + 1 }),
    );
  }
  if (filters !== undefined) return at("filters", "are only used with `and` and `or`");
  if (key === undefined) return at("key", "must name a value of the metadata");
  if (value === undefined) return at("value", "is missing");
  const isList = Array.isArray(value);
  if (type === "in" || type === "nin") return isList ? [] : at("value", `must be a list for \`${type}\``);
  return isList ? at("value", "must be a text, a number or a boolean. Use `in` for a list") : [];
}

function partProblems(part: unknown, place: Place): Problem[] {
  const read = Shape.safeParse(part, { error: describeIssue });
  if (read.success) return problemsOf(read.data, place);
  return read.error.issues.map(({ path, message }) => ({
    path: [...place.path, ...path.map((step) => (typeof step === "symbol" ? String(step) : step))],
    message,
  }));
}

const isCompound = (type: Shape["type"]): type is (typeof COMPOUNDS)[number] =>
  COMPOUNDS.some((compound) => compound === type);

type Value = string | number | boolean;
type Metadata = Readonly<Record<string, Value>>;

/**
 * Whether metadata matches a filter. A value equals only one of its own type. Only two numbers or two texts have an order. A name that
 * is missing matches `ne` and `nin` only.
 */
export function matchesFilter(metadata: Metadata, filter: MetadataFilter): boolean {
  const { type, key = "", value, filters = [] } = filter;
  if (type === "and") return filters.every((part) => matchesFilter(metadata, Shape.parse(part)));
  if (type === "or") return filters.some((part) => matchesFilter(metadata, Shape.parse(part)));
  return compare(Object.hasOwn(metadata, key) ? metadata[key] : undefined, type, value);
}

function compare(actual: Value | undefined, type: (typeof COMPARISONS)[number], wanted: Shape["value"]): boolean {
  switch (type) {
    case "eq":
      return actual === wanted;
    case "ne":
      return actual !== wanted;
    case "in":
      return isIn(actual, wanted);
    case "nin":
      return !isIn(actual, wanted);
    case "gt":
      return orderOf(actual, wanted) > 0;
    case "gte":
      return orderOf(actual, wanted) >= 0;
    case "lt":
      return orderOf(actual, wanted) < 0;
    case "lte":
      return orderOf(actual, wanted) <= 0;
  }
}

const isIn = (actual: Value | undefined, wanted: Shape["value"]) =>
  Array.isArray(wanted) && wanted.some((one) => one === actual);

/** Negative, 0 or positive. Not a number if the values have no order. */
function orderOf(actual: Value | undefined, wanted: Shape["value"]): number {
  if (typeof actual === "number" && typeof wanted === "number") return actual - wanted;
  if (typeof actual !== "string" || typeof wanted !== "string") return Number.NaN;
  return actual === wanted ? 0 : actual < wanted ? -1 : 1;
}
