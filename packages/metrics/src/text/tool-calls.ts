import { commonIndices, placesOf } from "./common-subsequence.ts";
import { jsonMatch } from "./json-match.ts";
import { canonicalJson, isObject, type JsonValue } from "./json-value.ts";
import { createVocabulary } from "./ngrams.ts";

/** A call as a model makes it; `arguments` is the object itself or its JSON, as the wire formats have it. */
export type ToolCall = { readonly name: string; readonly arguments: JsonValue };

export type ToolCallOptions = {
  /** Whether the calls' order counts. As a set each call counts as often as it is made; unless given, they are a sequence. */
  readonly order?: "sequence" | "set";
  /** Whether arguments must be equal (unless given), hold at least the expected ones, or are not looked at. */
  readonly arguments?: "equal" | "superset" | "ignored";
};

export type ToolCallMatch = {
  /** Matched calls / calls made, matched / expected, their harmonic mean; null where there is no call to divide by. */
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
  /** Nothing missing and nothing more; true also when none was expected and none made. */
  readonly isExact: boolean;
  /** Matched, made, expected: what a corpus's precision and recall are summed from. */
  readonly stats: readonly [matched: number, made: number, expected: number];
};

/**
 * Compares the calls a model made with those expected: the longest common subsequence of a sequence, the common part of a set. With
 * `superset` each expected call takes the first one left that holds its arguments, in the order they were made.
 */
export function toolCallMatch(
  made: readonly ToolCall[],
  expected: readonly ToolCall[],
  options: ToolCallOptions = {},
): ToolCallMatch {
  const { order = "sequence", arguments: compared = "equal" } = options;
  const matched =
    compared === "superset" ? pairSupersets(made, expected, order) : pairEqual(made, expected, { order, compared });
  const stats = [matched, made.length, expected.length] as const;
  return {
    ...toolCallRates(stats),
    isExact: matched === made.length && matched === expected.length,
    stats,
  };
}

/** Precision, recall and F1 of summed statistics; null where there is no call to divide by. */
export function toolCallRates(stats: ArrayLike<number>) {
  const [matched = 0, made = 0, expected = 0] = Array.from(stats);
  return {
    precision: made > 0 ? matched / made : null,
    recall: expected > 0 ? matched / expected : null,
    f1: made + expected > 0 ? (2 * matched) / (made + expected) : null,
  };
}

/** The signature of the value. */
export const toolCallSignature = ({ order = "sequence", arguments: compared = "equal" }: ToolCallOptions = {}) =>
  `order:${order}|arguments:${compared}|version:1`;

type Equality = { readonly order: "sequence" | "set"; readonly compared: "equal" | "ignored" };

function pairEqual(made: readonly ToolCall[], expected: readonly ToolCall[], { order, compared }: Equality): number {
  const keyOf = (call: ToolCall) =>
    compared === "ignored" ? call.name : `${JSON.stringify(call.name)}${canonicalJson(argumentsOf(call))}`;
  const vocabulary = createVocabulary<string>();
  const wanted = vocabulary.add(expected.map(keyOf));
  const own = vocabulary.add(made.map(keyOf));
  if (order === "sequence") return commonIndices(wanted, placesOf(own)).length;
  const left = new Int32Array(vocabulary.size());
  for (const call of wanted) left[call] = (left[call] ?? 0) + 1;
  let matched = 0;
  for (const call of own) {
    const count = left[call] ?? 0;
    if (count === 0) continue;
    left[call] = count - 1;
    matched += 1;
  }
  return matched;
}

function pairSupersets(made: readonly ToolCall[], expected: readonly ToolCall[], order: "sequence" | "set"): number {
  const free = made.map(() => true);
  let [matched, from] = [0, 0];
  for (const wanted of expected) {
    const place = made.findIndex(
      (call, at) =>
        at >= from && free[at] && call.name === wanted.name && holds(argumentsOf(call), argumentsOf(wanted)),
    );
    if (place === -1) continue;
    free[place] = false;
    matched += 1;
    if (order === "sequence") from = place + 1;
  }
  return matched;
}

/** Whether every expected field is there with its value; an expected empty object asks for nothing. */
function holds(found: JsonValue, wanted: JsonValue): boolean {
  if (isObject(found) && isObject(wanted)) {
    return Object.entries(wanted).every(([key, value]) => {
      const own = Object.hasOwn(found, key) ? found[key] : undefined;
      return own !== undefined && holds(own, value);
    });
  }
  return jsonMatch(found, wanted).isEqual;
}

/** The arguments as a value; a text that holds no JSON is compared as text. */
function argumentsOf({ arguments: given }: ToolCall): JsonValue {
  if (typeof given !== "string") return given;
  try {
    return JSON.parse(given === "" ? "{}" : given);
  } catch {
    return given;
  }
}
