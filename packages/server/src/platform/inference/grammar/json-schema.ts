import { isRecord } from "../../../kernel/is-record.ts";
import { integerRange } from "./integer-range.ts";
import { COLON, COMMA, literal, type Rules } from "./rules.ts";
import { type Complaints, resolvePointer, type Schema } from "./schema-walk.ts";

const MAX_DEPTH = 64;
/** The engine expands counted repetitions, so longer ones are cut: what is generated stays valid. */
const MAX_REPEATS = 1_000;
const FORMATS = ["date", "time", "date-time", "uuid"] as const;

export type Walk = {
  readonly root: Schema;
  readonly rules: Rules;
  readonly complaints: Complaints;
  readonly refs: Map<string, string>;
};
type Place = {
  readonly at: string;
  readonly depth: number;
  /** The references that led here with nothing written in between: one of them again would go round for ever. */
  readonly through?: readonly string[];
};

/**
 * A GBNF expression for JSON that fits a schema. It may allow less than the schema (properties in order, no additional
 * ones, few blanks), never more. Unsupported parts are added to the complaints.
 */
export function schemaExpression(walk: Walk, schema: unknown, place: Place): string {
  const { rules, complaints } = walk;
  if (place.depth > MAX_DEPTH) {
    complaints.add(place.at, `it is nested deeper than ${MAX_DEPTH} levels`);
    return rules.shared("null");
  }
  if (schema === true || schema === undefined) return rules.shared("value");
  if (!isRecord(schema)) {
    complaints.add(place.at, schema === false ? "`false` allows nothing" : "it is not a schema");
    return rules.shared("null");
  }
  if (typeof schema.$ref === "string") return reference(walk, schema, place);
  const fixed = schema.const !== undefined ? [schema.const] : schema.enum;
  if (Array.isArray(fixed)) return oneOfValues(walk, schema, { values: fixed, place });
  const choices = schema.anyOf ?? schema.oneOf;
  if (Array.isArray(choices)) {
    complaints.checkKeywords(schema, place.at, ["anyOf", "oneOf", "type"]);
    const branches = choices.map((choice, index) =>
      schemaExpression(walk, choice, { ...place, at: `${place.at}/anyOf/${index}`, depth: place.depth + 1 }),
    );
    return `(${branches.join(" | ")})`;
  }
  if (Array.isArray(schema.allOf) && schema.allOf.length === 1) {
    complaints.checkKeywords(schema, place.at, ["allOf"]);
    return schemaExpression(walk, schema.allOf[0], { ...place, at: `${place.at}/allOf/0`, depth: place.depth + 1 });
  }
  return typed(walk, schema, place);
}

function typed(walk: Walk, schema: Schema, place: Place): string {
  if (Array.isArray(schema.type)) {
    const branches = schema.type.map((type) => typed(walk, only(schema, type), place));
    return `(${branches.join(" | ")})`;
  }
  const type = schema.type ?? impliedType(schema);
  switch (type) {
    case "object":
      return object(walk, schema, place);
    case "array":
      return array(walk, schema, place);
    case "string":
      return string(walk, schema, place);
    case "integer":
      return integer(walk, schema, place);
    case "number":
      return number(walk, schema, place);
    case "boolean":
      return plain(walk, schema, { place, rule: "boolean" });
    case "null":
      return plain(walk, schema, { place, rule: "null" });
    case undefined:
      return plain(walk, schema, { place, rule: "value" });
    default:
      walk.complaints.add(place.at, `there is no type \`${String(type)}\``);
      return walk.rules.shared("null");
  }
}

function plain(
  walk: Walk,
  schema: Schema,
  { place, rule }: { place: Place; rule: "boolean" | "null" | "value" },
): string {
  walk.complaints.checkKeywords(schema, place.at, ["type"]);
  return walk.rules.shared(rule);
}

/** The keywords that mean something for each type, for a schema that allows several types. */
const KEYWORDS: Readonly<Record<string, readonly string[]>> = {
  object: ["properties", "required", "additionalProperties", "minProperties", "maxProperties"],
  array: ["items", "prefixItems", "minItems", "maxItems", "uniqueItems"],
  string: ["minLength", "maxLength", "pattern", "format"],
  integer: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
  number: ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"],
};

function only(schema: Schema, type: unknown): Schema {
  const others = Object.entries(KEYWORDS).flatMap(([name, keywords]) => (name === type ? [] : keywords));
  const mine = KEYWORDS[String(type)] ?? [];
  const kept = Object.entries(schema).filter(([keyword]) => mine.includes(keyword) || !others.includes(keyword));
  return { ...Object.fromEntries(kept), type };
}

function impliedType(schema: Schema): string | undefined {
  if (schema.properties !== undefined || schema.additionalProperties !== undefined || schema.required !== undefined)
    return "object";
  if (schema.items !== undefined || schema.prefixItems !== undefined) return "array";
  if (schema.minLength !== undefined || schema.maxLength !== undefined || schema.format !== undefined) return "string";
  return undefined;
}

function reference(walk: Walk, schema: Schema, place: Place): string {
  const pointer = String(schema.$ref);
  walk.complaints.checkKeywords(schema, place.at, ["$ref"]);
  const { through = [] } = place;
  if (through.includes(pointer)) {
    walk.complaints.add(place.at, `\`$ref\` "${pointer}" leads back to itself with nothing in between`);
    return walk.rules.shared("null");
  }
  const known = walk.refs.get(pointer);
  if (known) return known;
  const target = resolvePointer(walk.root, pointer);
  if (target === undefined) {
    walk.complaints.add(place.at, `\`$ref\` "${pointer}" does not exist in this schema`);
    return walk.rules.shared("null");
  }
  const name = walk.rules.add("", "ref");
  walk.refs.set(pointer, name);
  const there = { at: pointer, depth: place.depth + 1, through: [...through, pointer] };
  walk.rules.set(name, schemaExpression(walk, target, there));
  return name;
}

function oneOfValues(
  walk: Walk,
  schema: Schema,
  { values, place }: { values: readonly unknown[]; place: Place },
): string {
  walk.complaints.checkKeywords(schema, place.at, ["const", "enum", "type"]);
  const fitting = values.filter((value) => fitsType(value, schema.type));
  if (fitting.length === 0) walk.complaints.add(place.at, "no value of `enum` or `const` fits `type`");
  return `(${fitting.map((value) => literal(JSON.stringify(value))).join(" | ")})`;
}

function fitsType(value: unknown, type: unknown): boolean {
  if (Array.isArray(type)) return type.some((one) => fitsType(value, one));
  if (type === undefined) return true;
  if (type === "null") return value === null;
  if (type === "array") return Array.isArray(value);
  if (type === "object") return isRecord(value);
  if (type === "integer") return Number.isInteger(value);
  return typeof value === type;
}

function object(walk: Walk, schema: Schema, place: Place): string {
  walk.complaints.checkKeywords(schema, place.at, [
    "type",
    "properties",
    "required",
    "additionalProperties",
    "minProperties",
    "maxProperties",
  ]);
  const named = isRecord(schema.properties) ? schema.properties : {};
  const required = Array.isArray(schema.required) ? schema.required.map(String) : [];
  const extra = schema.additionalProperties;
  const unnamed = required.filter((name) => !Object.hasOwn(named, name));
  if (unnamed.length > 0 && extra === false)
    walk.complaints.add(place.at, `\`required\` names ${unnamed.join(", ")}, which \`properties\` does not define`);
  const properties = [...Object.entries(named), ...unnamed.map((name) => [name, extra ?? true] as const)];
  if (properties.length === 0 && extra !== false) return map(walk, schema, place);
  for (const keyword of ["minProperties", "maxProperties"]) {
    if (schema[keyword] !== undefined)
      walk.complaints.add(place.at, `\`${keyword}\` is not supported together with \`properties\``);
  }
  const pairs = properties.map(([name, value]) => ({
    text: `${literal(JSON.stringify(name))} ${COLON} ${schemaExpression(walk, value, { at: `${place.at}/properties/${name}`, depth: place.depth + 1 })}`,
    isRequired: required.includes(name),
  }));
  return walk.rules.add(`"{" ${inOrder(walk.rules, pairs)} "}"`, "object");
}

type Pair = { readonly text: string; readonly isRequired: boolean };

/** Pairs in their order with commas between those that are there. */
function inOrder(rules: Rules, pairs: readonly Pair[]): string {
  const names = pairs.map((pair) => ({ rule: rules.add(pair.text, "pair"), isRequired: pair.isRequired }));
  // tails[i]: what may follow once something has been written, from pair i on.
  const tails = [""];
  for (const { rule, isRequired } of names.toReversed()) {
    const next = tails[0] ?? "";
    const own = isRequired ? `${COMMA} ${rule}` : `(${COMMA} ${rule})?`;
    tails.unshift(next === "" ? own : rules.add(`${own} ${next}`, "tail"));
  }
  const heads: string[] = [];
  for (const [index, { rule, isRequired }] of names.entries()) {
    heads.push(`${rule} ${tails[index + 1] ?? ""}`.trim());
    if (isRequired) return `(${heads.join(" | ")})`;
  }
  return heads.length === 0 ? "" : `(${heads.join(" | ")})?`;
}

function map(walk: Walk, schema: Schema, place: Place): string {
  const value = schemaExpression(walk, schema.additionalProperties, {
    at: `${place.at}/additionalProperties`,
    depth: place.depth + 1,
  });
  const pair = walk.rules.add(`${walk.rules.shared("string")} ${COLON} ${value}`, "pair");
  return walk.rules.add(
    `"{" ${listOf(pair, bounds(walk, { schema, place, names: ["minProperties", "maxProperties"] }))} "}"`,
    "map",
  );
}

function array(walk: Walk, schema: Schema, place: Place): string {
  walk.complaints.checkKeywords(schema, place.at, ["type", "items", "prefixItems", "minItems", "maxItems"]);
  const { least, most } = bounds(walk, { schema, place, names: ["minItems", "maxItems"] });
  if (Array.isArray(schema.prefixItems)) {
    const items = schema.prefixItems.map((item, index) =>
      schemaExpression(walk, item, { at: `${place.at}/prefixItems/${index}`, depth: place.depth + 1 }),
    );
    if (least > items.length || (most !== null && most < items.length))
      walk.complaints.add(place.at, "`prefixItems` with a different number of items is not supported");
    return walk.rules.add(`"[" ${items.join(` ${COMMA} `)} "]"`, "tuple");
  }
  if (most === 0) return `"[]"`;
  const item = schemaExpression(walk, schema.items, { at: `${place.at}/items`, depth: place.depth + 1 });
  return walk.rules.add(`"[" ${listOf(item, { least, most })} "]"`, "array");
}

type Bounds = { readonly least: number; readonly most: number | null };

/** Items with commas between them. */
function listOf(item: string, { least, most }: Bounds): string {
  const more =
    most === null && least <= 1 ? "*" : `{${Math.max(least - 1, 0)},${most === null ? "" : Math.max(most - 1, 0)}}`;
  const list = `${item} (${COMMA} ${item})${more}`;
  return least > 0 ? list : `(${list})?`;
}

function bounds(
  walk: Walk,
  { schema, place, names }: { schema: Schema; place: Place; names: readonly [least: string, most: string] },
): Bounds {
  const [leastName, mostName] = names;
  const least = typeof schema[leastName] === "number" ? schema[leastName] : 0;
  const most = typeof schema[mostName] === "number" ? schema[mostName] : null;
  if (least > MAX_REPEATS)
    walk.complaints.add(place.at, `\`${leastName}\` of more than ${MAX_REPEATS} is not supported`);
  if (most !== null && most < least) walk.complaints.add(place.at, `\`${mostName}\` is less than \`${leastName}\``);
  return { least, most: most === null ? null : Math.min(most, MAX_REPEATS) };
}

function string(walk: Walk, schema: Schema, place: Place): string {
  const format = FORMATS.find((known) => known === schema.format);
  if (format) {
    walk.complaints.checkKeywords(schema, place.at, ["type", "format"]);
    return `"\\"" ${walk.rules.shared(format)} "\\""`;
  }
  if (schema.format !== undefined)
    walk.complaints.add(
      place.at,
      `the format \`${String(schema.format)}\` is not supported; supported formats: ${FORMATS.join(", ")}`,
    );
  walk.complaints.checkKeywords(schema, place.at, ["type", "format", "minLength", "maxLength"]);
  const { least, most } = bounds(walk, { schema, place, names: ["minLength", "maxLength"] });
  if (least === 0 && most === null) return walk.rules.shared("string");
  return `"\\"" ${walk.rules.shared("char")}{${least},${most ?? ""}} "\\""`;
}

function integer(walk: Walk, schema: Schema, place: Place): string {
  walk.complaints.checkKeywords(schema, place.at, [
    "type",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
  ]);
  const least = highest([schema.minimum, Math.ceil], [schema.exclusiveMinimum, (bound) => Math.floor(bound) + 1]);
  const most = lowest([schema.maximum, Math.floor], [schema.exclusiveMaximum, (bound) => Math.ceil(bound) - 1]);
  if (least === null && most === null) return walk.rules.shared("integer");
  if (!isRange(least, most)) {
    walk.complaints.add(place.at, "no whole number lies between its bounds, or they are too large");
    return walk.rules.shared("integer");
  }
  return walk.rules.add(integerRange(least, most), "range");
}

type Bound = readonly [value: unknown, toWhole: (bound: number) => number];
const wholes = (bounds: readonly Bound[]) =>
  bounds.flatMap(([value, toWhole]) => (typeof value === "number" ? [toWhole(value)] : []));
const highest = (...bounds: readonly Bound[]) => (wholes(bounds).length > 0 ? Math.max(...wholes(bounds)) : null);
const lowest = (...bounds: readonly Bound[]) => (wholes(bounds).length > 0 ? Math.min(...wholes(bounds)) : null);
const isRange = (least: number | null, most: number | null) =>
  (least === null || Math.abs(least) < 1e15) &&
  (most === null || Math.abs(most) < 1e15) &&
  (least === null || most === null || least <= most);

/** Fractions are only held to whole bounds from 0 up: the part before the point decides. */
function number(walk: Walk, schema: Schema, place: Place): string {
  walk.complaints.checkKeywords(schema, place.at, ["type", "minimum", "maximum"]);
  const { minimum, maximum } = schema;
  if (minimum === undefined && maximum === undefined) return walk.rules.shared("number");
  const isWhole = (bound: unknown): bound is number => Number.isSafeInteger(bound);
  if (
    !isWhole(minimum) ||
    minimum < 0 ||
    (maximum !== undefined && !isWhole(maximum)) ||
    !isRange(minimum, maximum ?? null)
  ) {
    walk.complaints.add(place.at, "a `number` only supports whole-number bounds, with a `minimum` of 0 or more");
    return walk.rules.shared("number");
  }
  const fraction = `("." [0-9]{1,15})?`;
  if (maximum === undefined) return walk.rules.add(`(${integerRange(minimum, null)}) ${fraction}`, "range");
  const below = maximum > minimum ? `(${integerRange(minimum, maximum - 1)}) ${fraction} | ` : "";
  return walk.rules.add(`${below}"${maximum}"`, "range");
}
