type Json = Readonly<Record<string, unknown>>;
const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value);

/** Deeper values and schemas that refer to themselves without end stop here. */
const DEEPEST = 60;
const MOST_PROBLEMS = 20;
/** Steps of one check, since choices within choices multiply. */
const MOST_STEPS = 20_000;

type Walk = {
  readonly root: unknown;
  readonly problems: string[];
  readonly depth: number;
  readonly steps: { left: number };
};
type Place = { readonly path: string; readonly value: unknown };

/**
 * What of a value is not as a JSON schema asks, each with its place; empty when it is valid.
 * Types, enum, const, objects, lists, bounds, pattern, local `$ref`, anyOf, oneOf, allOf and not are looked at; other keywords take anything.
 */
export function checkSchema(schema: unknown, value: unknown): readonly string[] {
  const problems: string[] = [];
  check(schema, { path: "", value }, { root: schema, problems, depth: 0, steps: { left: MOST_STEPS } });
  return problems.slice(0, MOST_PROBLEMS);
}

function check(schema: unknown, place: Place, walk: Walk): void {
  const { problems } = walk;
  if (schema === false) problems.push(`${nameOf(place)} is not allowed`);
  if (!isJson(schema) || walk.depth > DEEPEST || problems.length >= MOST_PROBLEMS) return;
  walk.steps.left -= 1;
  if (walk.steps.left < 0) return;
  const next = { ...walk, depth: walk.depth + 1 };
  if (typeof schema.$ref === "string") check(resolve(walk.root, schema.$ref), place, next);
  const types = [schema.type].flat().filter((type) => typeof type === "string");
  if (types.length > 0 && !types.some((type) => isType(type, place.value))) {
    problems.push(`${nameOf(place)} must be ${types.join(" or ")}, but is ${typeOf(place.value)}`);
    return;
  }
  checkValue(schema, place, problems);
  checkChoices(schema, place, next);
  if (isJson(place.value)) checkObject(schema, { path: place.path, value: place.value }, next);
  if (Array.isArray(place.value)) checkList(schema, { path: place.path, value: place.value }, next);
}

const nameOf = ({ path }: Place) => (path === "" ? "The answer" : path.slice(1));

function typeOf(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  return typeof value;
}

const isType = (type: string, value: unknown): boolean =>
  type === "integer" ? Number.isInteger(value) : type === typeOf(value);

/** What a `#/…` points to; anything takes what cannot be found, since it was not the answer's fault. */
function resolve(root: unknown, ref: string): unknown {
  if (ref !== "#" && !ref.startsWith("#/")) return true;
  let found: unknown = root;
  for (const part of ref.split("/").slice(1)) {
    const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
    if (!isJson(found) || !Object.hasOwn(found, name)) return true;
    found = found[name];
  }
  return found;
}

const isSame = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b);

const BOUNDS = [
  ["minimum", (value, bound) => Number(value) >= bound, "at least"],
  ["maximum", (value, bound) => Number(value) <= bound, "at most"],
  ["exclusiveMinimum", (value, bound) => Number(value) > bound, "more than"],
  ["exclusiveMaximum", (value, bound) => Number(value) < bound, "less than"],
] as const satisfies readonly (readonly [string, (value: unknown, bound: number) => boolean, string])[];

function checkValue(schema: Json, place: Place, problems: string[]): void {
  const { value } = place;
  if (Array.isArray(schema.enum) && !schema.enum.some((choice) => isSame(choice, value)))
    problems.push(`${nameOf(place)} must be one of ${JSON.stringify(schema.enum).slice(0, 200)}`);
  if ("const" in schema && !isSame(schema.const, value))
    problems.push(`${nameOf(place)} must be ${JSON.stringify(schema.const)}`);
  if (typeof value === "number")
    for (const [name, holds, words] of BOUNDS) {
      const bound = schema[name];
      if (typeof bound === "number" && !holds(value, bound))
        problems.push(`${nameOf(place)} must be ${words} ${bound}`);
    }
  if (typeof value !== "string") return;
  checkSize(schema, { place, size: [...value].length, kind: "Length", unit: "characters" }, problems);
  if (typeof schema.pattern === "string" && !matches(schema.pattern, value))
    problems.push(`${nameOf(place)} must match ${schema.pattern.slice(0, 200)}`);
}

/** A pattern that is none takes anything. */
function matches(pattern: string, value: string): boolean {
  try {
    return new RegExp(pattern, "u").test(value);
  } catch {
    return true;
  }
}

type Sized = { place: Place; size: number; kind: "Length" | "Items" | "Properties"; unit: string };

function checkSize(schema: Json, { place, size, kind, unit }: Sized, problems: string[]): void {
  const [least, most] = [schema[`min${kind}`], schema[`max${kind}`]];
  if (typeof least === "number" && size < least) problems.push(`${nameOf(place)} must have at least ${least} ${unit}`);
  if (typeof most === "number" && size > most) problems.push(`${nameOf(place)} must have at most ${most} ${unit}`);
}

function checkChoices(schema: Json, place: Place, walk: Walk): void {
  const fits = (part: unknown) => {
    const problems: string[] = [];
    check(part, place, { ...walk, problems });
    return problems.length === 0;
  };
  for (const part of Array.isArray(schema.allOf) ? schema.allOf : []) check(part, place, walk);
  if (Array.isArray(schema.anyOf) && !schema.anyOf.some(fits))
    walk.problems.push(`${nameOf(place)} matches none of the ${schema.anyOf.length} schemas in anyOf`);
  if (Array.isArray(schema.oneOf)) {
    const fitting = schema.oneOf.filter(fits).length;
    if (fitting !== 1)
      walk.problems.push(`${nameOf(place)} must match exactly one schema in oneOf, but matches ${fitting}`);
  }
  if (schema.not !== undefined && fits(schema.not))
    walk.problems.push(`${nameOf(place)} must not match the schema in not`);
}

function checkObject(schema: Json, { path, value }: { path: string; value: Json }, walk: Walk): void {
  const properties = isJson(schema.properties) ? schema.properties : {};
  for (const name of Array.isArray(schema.required) ? schema.required : [])
    if (typeof name === "string" && !Object.hasOwn(value, name))
      walk.problems.push(`${`${path}.${name}`.slice(1)} is missing`);
  for (const [name, inner] of Object.entries(value)) {
    const place = { path: `${path}.${name}`, value: inner };
    if (Object.hasOwn(properties, name)) check(properties[name], place, walk);
    else if (schema.additionalProperties === false) walk.problems.push(`${nameOf(place)} is not in the schema`);
    else check(schema.additionalProperties, place, walk);
  }
  const size = Object.keys(value).length;
  checkSize(schema, { place: { path, value }, size, kind: "Properties", unit: "fields" }, walk.problems);
}

function checkList(schema: Json, { path, value }: { path: string; value: readonly unknown[] }, walk: Walk): void {
  const first: readonly unknown[] = Array.isArray(schema.prefixItems) ? schema.prefixItems : [];
  for (const [index, inner] of value.entries())
    check(first[index] ?? schema.items, { path: `${path}[${index}]`, value: inner }, walk);
  checkSize(schema, { place: { path, value }, size: value.length, kind: "Items", unit: "items" }, walk.problems);
}
