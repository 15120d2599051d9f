import { z } from "zod";
import { ErrorBody } from "../errors.ts";
import type { Route, Shape } from "../route.ts";
import { shapeNames } from "./shape-names.ts";

/** A JSON Schema of version 2020-12, as OpenAPI 3.1 uses it. */
export type Schema = { readonly [keyword: string]: unknown };
type Schemas = Readonly<Record<string, Schema>>;
type Names = ReadonlyMap<Shape, string>;

/** The schemas of an API: how to write a shape where it is used, and the named shapes that those places refer to. */
export type SchemaSet = {
  /** What a caller sends: fields with a default are optional. */
  readonly input: (shape: Shape) => Schema;
  /** What the server sends: fields with a default are always present, and later versions may add fields. */
  readonly output: (shape: Shape) => Schema;
  /** The fields of an object that a request carries in its path or query. */
  readonly fields: (shape: Shape) => { readonly properties: Schemas; readonly required: readonly string[] };
  readonly components: Schemas;
};

const PREFIX = "#/components/schemas/";
const REFERENCE = new RegExp(`"\\$ref":"${PREFIX}([^"]+)"`, "g");

const referencesIn = (schema: Schema): string[] =>
  [...JSON.stringify(schema).matchAll(REFERENCE)].map(([, name = ""]) => name);

/** Converts every shape of the routes, once for each direction. */
export function createSchemas(routes: readonly Route[]): SchemaSet {
  const names = shapeNames();
  const requests = convert(names, "input", routes);
  const responses = convert(names, "output", routes);
  const inputNames = findInputNames(requests, responses);
  const renameIn = (schema: Schema): Schema =>
    JSON.parse(
      JSON.stringify(schema).replaceAll(REFERENCE, (_, name) => `"$ref":"${PREFIX}${inputNames.get(name) ?? name}"`),
    );
  const components = [
    ["Error", responses.whole(ErrorBody)] as const,
    ...[...responses.used].map((name) => [name, responses.named(name)] as const),
    ...[...requests.used].map((name) => [inputNames.get(name) ?? name, renameIn(requests.named(name))] as const),
  ];
  return {
    input: (shape) => renameIn(requests.at(shape)),
    output: responses.at,
    fields(shape) {
      const { properties = {}, required = [] } = renameIn(requests.whole(shape));
      return { properties: properties as Schemas, required: required as readonly string[] };
    },
    components: Object.fromEntries(components.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

type Conversion = ReturnType<typeof convert>;

/** The schemas of all named shapes and of those that the routes use in one direction. */
function convert(names: Names, io: "input" | "output", routes: readonly Route[]) {
  const registry = z.registry<{ id: string }>();
  for (const [shape, id] of names) registry.add(shape, { id });
  const used = routes.flatMap((route) => shapesOf(route, io));
  // A shape without a name is written in place. Its id appears only where another shape contains it.
  for (const { id, shape } of used) if (!registry.has(shape)) registry.add(shape, { id });
  const { schemas } = z.toJSONSchema(registry, {
    io,
    unrepresentable: "any",
    uri: (id) => `${PREFIX}${id}`,
    override: ({ jsonSchema }) => adapt(jsonSchema, io),
  });
  const named = (id: string): Schema => {
    const { $schema: _, $id: __, ...schema } = schemas[id] ?? {};
    return schema;
  };
  const whole = (shape: Shape) => named(registry.get(shape)?.id ?? "");
  const at = (shape: Shape): Schema => {
    const name = names.get(shape);
    return name === undefined ? whole(shape) : { $ref: `${PREFIX}${name}` };
  };
  const roots = used.map(({ shape, isBody }) => (isBody ? at(shape) : whole(shape)));
  return { named, whole, at, used: reachable(roots, named) };
}

/** The shapes of a route in one direction, each with the id that it has where it has no name. */
function shapesOf({ name, params, query, body, response }: Route, io: "input" | "output") {
  const id = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  const shapes =
    io === "output"
      ? [{ id: `${id}Response`, shape: response, isBody: true }]
      : [
          { id: `${id}Params`, shape: params, isBody: false },
          { id: `${id}Query`, shape: query, isBody: false },
          { id: `${id}Body`, shape: body, isBody: true },
        ];
  return shapes.flatMap(({ shape, ...rest }) => (shape ? [{ ...rest, shape }] : []));
}

function reachable(roots: readonly Schema[], named: (name: string) => Schema): ReadonlySet<string> {
  const names = new Set<string>();
  const add = (schema: Schema) => {
    for (const name of referencesIn(schema).filter((reference) => !names.has(reference))) {
      names.add(name);
      add(named(name));
    }
  };
  for (const root of roots) add(root);
  return names;
}

/**
 * A shape that is sent in one form and returned in another, such as one with defaults, is called `<name>Input` in requests. So is every
 * shape that contains one.
 */
function findInputNames(requests: Conversion, responses: Conversion): ReadonlyMap<string, string> {
  const inputNames = new Map<string, string>();
  const shared = [...requests.used].filter((name) => responses.used.has(name));
  const differs = (name: string) =>
    JSON.stringify(requests.named(name)) !== JSON.stringify(responses.named(name)) ||
    referencesIn(requests.named(name)).some((reference) => inputNames.has(reference));
  for (let before = -1; before < inputNames.size; ) {
    before = inputNames.size;
    for (const name of shared) if (!inputNames.has(name) && differs(name)) inputNames.set(name, `${name}Input`);
  }
  for (const inputName of inputNames.values())
    if (requests.used.has(inputName) || responses.used.has(inputName))
      throw new Error(`Two shapes are called ${inputName} in requests. Rename one.`);
  return inputNames;
}

/** Converts a schema from Zod to a form that other tools read, and removes parts without meaning. */
function adapt(schema: z.core.JSONSchema.BaseSchema, io: "input" | "output") {
  // Readers of a response ignore the fields they do not know.
  if (io === "output" && schema.additionalProperties === false) delete schema.additionalProperties;
  // The patterns of times are long and repeat what the format says.
  if (schema.format !== undefined) delete schema.pattern;
  if (JSON.stringify(schema.propertyNames) === '{"type":"string"}') delete schema.propertyNames;
  if (schema.minimum === Number.MIN_SAFE_INTEGER) delete schema.minimum;
  if (schema.maximum === Number.MAX_SAFE_INTEGER) delete schema.maximum;
  // openapi-python-client omits a union whose default is an object.
  if ((schema.anyOf ?? schema.oneOf) && isObject(schema.default)) delete schema.default;
  // A tuple has this many items. Redocly and openapi-typescript do not read `items: false`.
  if (!Array.isArray(schema.prefixItems) || schema.items !== false) return;
  delete schema.items;
  schema.minItems ??= schema.prefixItems.length;
  schema.maxItems ??= schema.prefixItems.length;
}

const isObject = (value: unknown) => typeof value === "object" && value !== null && !Array.isArray(value);
