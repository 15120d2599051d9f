import { canonicalJson, isList, isObject, type JsonValue } from "./json-value.ts";

export type JsonMatchOptions = {
  /** Whether the items of an array are compared place by place (unless given) or as a set in which each counts as often as it stands. */
  readonly arrays?: "sequence" | "set";
  /** Numbers that differ by at most this count as equal; 0 unless given. */
  readonly tolerance?: number;
};

export type JsonMatch = {
  /** Matched fields / the output's fields, matched / expected, and their harmonic mean. */
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  readonly isEqual: boolean;
  /** Paths (JSON Pointer) that are expected and absent, present and not expected, or there with another value. */
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly changed: readonly string[];
  /** Matched, in the output, expected: what a corpus's precision and recall are summed from. */
  readonly stats: readonly [matched: number, inOutput: number, inExpected: number];
};

/**
 * Compares two JSON values field by field. A field is a value that holds no other: a scalar, or an empty array or object; so each side has
 * at least one. The order of keys never counts. With `arrays: "set"` equal items are paired first, then what is left, in its order.
 * Throws a RangeError for a value nested deeper than 500.
 */
export function jsonMatch(output: JsonValue, expected: JsonValue, options: JsonMatchOptions = {}): JsonMatch {
  for (const value of [output, expected]) canonicalJson(value);
  const result: Found = { matched: 0, missing: [], extra: [], changed: [] };
  compare({ output, expected, path: "" }, result, options);
  const { matched, missing, extra, changed } = result;
  const stats = [matched, matched + changed.length + extra.length, matched + changed.length + missing.length] as const;
  return {
    precision: matched / stats[1],
    recall: matched / stats[2],
    f1: (2 * matched) / (stats[1] + stats[2]),
    isEqual: changed.length + extra.length + missing.length === 0,
    missing,
    extra,
    changed,
    stats,
  };
}

/** Precision, recall and F1 of summed statistics; null where there is no field to divide by, that is, no item. */
export function jsonMatchRates(stats: ArrayLike<number>) {
  const [matched = 0, inOutput = 0, inExpected = 0] = Array.from(stats);
  return {
    precision: inOutput > 0 ? matched / inOutput : null,
    recall: inExpected > 0 ? matched / inExpected : null,
    f1: inOutput + inExpected > 0 ? (2 * matched) / (inOutput + inExpected) : null,
  };
}

/** The signature of the value. */
export const jsonMatchSignature = ({ arrays = "sequence", tolerance = 0 }: JsonMatchOptions = {}) =>
  `arrays:${arrays}|tolerance:${tolerance}|version:1`;

type Found = { matched: number; missing: string[]; extra: string[]; changed: string[] };
/** Two values at the same place, or one value without a counterpart. */
type Pair = { readonly output?: JsonValue; readonly expected?: JsonValue; readonly path: string };

function compare({ output, expected, path }: Pair, found: Found, options: JsonMatchOptions) {
  if (output === undefined || expected === undefined) {
    if (output !== undefined) collectFields(output, path, found.extra);
    if (expected !== undefined) collectFields(expected, path, found.missing);
  } else if (isLeaf(output) && isLeaf(expected)) {
    if (isSame(output, expected, options.tolerance ?? 0)) found.matched += 1;
    else found.changed.push(path);
  } else {
    const pairs = pairsOf({ output, expected, path }, options);
    if (pairs) for (const pair of pairs) compare(pair, found, options);
    else {
      compare({ output, path }, found, options);
      compare({ expected, path }, found, options);
    }
  }
}

/** The children at the same places, or nothing unless both values are non-empty objects or non-empty arrays. */
function pairsOf({ output, expected, path }: Required<Pair>, options: JsonMatchOptions): Pair[] | undefined {
  if (isLeaf(output) || isLeaf(expected)) return undefined;
  if (isList(output) && isList(expected)) {
    const places = options.arrays === "set" ? placesInSet(output, expected) : undefined;
    return Array.from({ length: Math.max(output.length, expected.length) }, (_, place) => ({
      output: output[places ? (places[place] ?? -1) : place],
      expected: expected[place],
      path: childPath(path, String(place)),
    }));
  }
  if (!isObject(output) || !isObject(expected)) return undefined;
  const keys = new Set([...Object.keys(expected), ...Object.keys(output)]);
  return Array.from(keys, (key) => ({
    output: Object.hasOwn(output, key) ? output[key] : undefined,
    expected: Object.hasOwn(expected, key) ? expected[key] : undefined,
    path: childPath(path, key),
  }));
}

/** Which item of the output is compared with each expected one, and after those which are left over. */
function placesInSet(output: readonly JsonValue[], expected: readonly JsonValue[]): number[] {
  const free = new Map<string, number[]>();
  for (let place = output.length - 1; place >= 0; place -= 1) {
    const key = sortedJson(output[place] ?? null);
    const list = free.get(key);
    if (list) list.push(place);
    else free.set(key, [place]);
  }
  const places: number[] = Array.from(expected, (item) => free.get(sortedJson(item))?.pop() ?? -1);
  const rest = [...free.values()].flat().sort((a, b) => a - b);
  let next = 0;
  for (const [at, place] of places.entries()) {
    if (place !== -1) continue;
    places[at] = rest[next] ?? -1;
    next += 1;
  }
  return [...places, ...rest.slice(next)];
}

/** Canonical JSON in which the order of items of arrays does not count either. */
function sortedJson(value: JsonValue): string {
  if (isList(value)) return `[${value.map(sortedJson).sort().join(",")}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const keys = Object.keys(value).sort();
  return `{${keys.map((key) => `${JSON.stringify(key)}:${sortedJson(value[key] ?? null)}`).join(",")}}`;
}

const isLeaf = (value: JsonValue) =>
  isList(value) ? value.length === 0 : !isObject(value) || Object.keys(value).length === 0;

function isSame(output: JsonValue, expected: JsonValue, tolerance: number): boolean {
  if (typeof output === "number" && typeof expected === "number") return Math.abs(output - expected) <= tolerance;
  return JSON.stringify(output) === JSON.stringify(expected);
}

/** Adds the paths of the fields within a value. */
function collectFields(value: JsonValue, path: string, paths: string[]) {
  if (isLeaf(value)) paths.push(path);
  else if (isList(value))
    for (const [place, item] of value.entries()) collectFields(item, childPath(path, String(place)), paths);
  else if (isObject(value))
    for (const [key, item] of Object.entries(value)) collectFields(item, childPath(path, key), paths);
}

const childPath = (path: string, key: string) => `${path}/${key.replaceAll("~", "~0").replaceAll("/", "~1")}`;
