import { describe, expect, test } from "vitest";
import { z } from "zod";
import { api } from "./api.ts";
import type { Route, Shape } from "./route.ts";

/** Operations that list and answer in another shape than `{ items, nextCursor }`. */
const OTHER_LISTS: Readonly<Record<string, string>> = {
  "GET /api/v1/prompt-folders": "Two short lists: the folders and the tags of the prompts.",
  "GET /api/v1/registry/filters": "Two short lists: the tags and the base models of the registry.",
  "GET /api/v1/registry/models/:name/uses":
    "Two short lists: what answers the names of a model, and what is built on it.",
  "GET /api/v1/training-runs/:trainingRunId/metrics": "The curves of a chart, which are read as a whole.",
};
/** Operations whose path ends with the id of another object than the answer is. */
const OTHER_OBJECTS: readonly (readonly [endpoint: RegExp, reason: string])[] = [
  [/^GET \/api\/v1\/training\/estimates\/:jobId$/, "The result of a job."],
  [/^GET \/api\/v1\/lineage\//, "The graph around an object."],
];

/** Objects whose own id is a bare `id`, by the operation and the place of the field. */
const BARE_IDS: readonly (readonly [place: RegExp, reason: string])[] = [
  [/ \.charts\[\]\.id$| \.items\[\]\.charts\[\]\.id$/, "Charts are stored as they are and exported in files."],
  [/content\.candidates\[\]\.id$/, "The caller names the candidates of an item, and the names are stored with it."],
  [/lineage \.nodes\[\]\.id$|\/lineage\/\S+ \.steps\[\]\.id$/, "Nodes of a graph: an id is valid only in this answer."],
  [/training\/preview .*tokens\[\]\.id$/, "The number of a token in the vocabulary of its tokenizer."],
];

const routes = Object.entries<Route>(api);
/** Routes that speak the format of another product keep its names. */
const isOurs = ([endpoint, { wire, errors }]: readonly [string, Route]) =>
  wire === undefined && errors === undefined && endpoint.includes(" /api/v1/");
const ours = routes.filter(isOurs);
const reads = ours.filter(
  ([endpoint, { answer = "json" }]) => endpoint.startsWith("GET ") && answer === "json" && !(endpoint in OTHER_LISTS),
);

function inside(shape: Shape | undefined): Shape | undefined {
  if (shape instanceof z.ZodOptional || shape instanceof z.ZodNullable || shape instanceof z.ZodDefault)
    return inside(shape.unwrap() as Shape);
  return shape;
}

/** The fields of an object, of either side of a union. */
function fieldsOf(shape: Shape | undefined): Readonly<Record<string, Shape>> {
  const plain = inside(shape);
  if (plain instanceof z.ZodObject) return plain.shape;
  if (plain instanceof z.ZodUnion)
    return Object.assign({}, ...plain.options.map((option) => fieldsOf(option as Shape)));
  return {};
}

/** Every field in a shape with its place, such as `.items[].keys[].hint`. */
function* placesIn(shape: Shape | undefined, at = ""): Generator<string> {
  const plain = inside(shape);
  if (plain instanceof z.ZodArray) yield* placesIn(plain.element as Shape, `${at}[]`);
  else if (plain instanceof z.ZodRecord) yield* placesIn(plain.valueType as Shape, `${at}{}`);
  else if (plain instanceof z.ZodUnion) for (const option of plain.options) yield* placesIn(option as Shape, at);
  else
    for (const [name, field] of Object.entries(fieldsOf(plain))) {
      yield `${at}.${name}`;
      yield* placesIn(field, `${at}.${name}`);
    }
}

const isList = (field: Shape | undefined) => inside(field) instanceof z.ZodArray;
const nextOf = (fields: Readonly<Record<string, Shape>>) => fields.nextCursor;

/** Whether an operation is a list by its name, or by its path: the plural of a noun, and nothing after it. */
function isCollection([endpoint, { name, response }]: readonly [string, Route]): boolean {
  const last = endpoint.split("/").at(-1) ?? "";
  const fields = Object.values(fieldsOf(response));
  const isPlural = /^[a-z-]*[a-z]s$/.test(last) && !/(ss|stats|settings|totals)$/.test(last);
  return name.startsWith("list") || (isPlural && fields.length === 1 && fields.every(isList));
}

describe("lists", () => {
  test("every answer with items says where the next page starts", () => {
    const without = reads.filter(([, { response }]) => {
      const fields = fieldsOf(response);
      return isList(fields.items) && nextOf(fields) === undefined;
    });
    expect(without.map(([endpoint]) => endpoint)).toEqual([]);
  });

  test("every collection is answered as items and nextCursor", () => {
    const collections = reads.filter(isCollection);
    expect(collections.length).toBeGreaterThan(60);
    const odd = collections.filter(([, { response }]) => {
      const fields = fieldsOf(response);
      return !isList(fields.items) || nextOf(fields) === undefined;
    });
    expect(odd.map(([endpoint]) => endpoint)).toEqual([]);
  });

  test("nextCursor is a text, or null at the end of the list", () => {
    for (const [endpoint, { response }] of reads) {
      const next = nextOf(fieldsOf(response));
      if (next === undefined) continue;
      expect([next.safeParse("x").success, next.safeParse(null).success], endpoint).toEqual([true, true]);
      expect(next.safeParse(1).success, endpoint).toBe(false);
    }
  });

  test("a list takes both a cursor and a limit, or neither", () => {
    const uneven = reads.filter(([, { query, response }]) => {
      const fields = fieldsOf(query);
      return nextOf(fieldsOf(response)) !== undefined && (fields.cursor === undefined) !== (fields.limit === undefined);
    });
    expect(uneven.map(([endpoint]) => endpoint)).toEqual([]);
  });

  test("each exception is still one", () => {
    for (const endpoint of Object.keys(OTHER_LISTS)) {
      const route = ours.find(([known]) => known === endpoint)?.[1];
      expect(route && nextOf(fieldsOf(route.response)), endpoint).toBeUndefined();
      expect(route, endpoint).toBeDefined();
    }
  });
});

describe("ids", () => {
  const places = ours.flatMap(([endpoint, { params, query, body, response }]) =>
    [params, query, body, response].flatMap((shape) => [...placesIn(shape)].map((place) => `${endpoint} ${place}`)),
  );

  test("an object's id says what it is of, as in datasetId", () => {
    const bare = places.filter((place) => place.endsWith(".id"));
    expect(bare.filter((place) => !BARE_IDS.some(([known]) => known.test(place)))).toEqual([]);
  });

  test("each exception is still one", () => {
    for (const [known, reason] of BARE_IDS)
      expect(
        places.some((place) => known.test(place)),
        reason,
      ).toBe(true);
    for (const [known, reason] of OTHER_OBJECTS)
      expect(
        ours.some(([endpoint]) => known.test(endpoint)),
        reason,
      ).toBe(true);
  });

  test("a path names the id of the object as its answer does", () => {
    for (const [endpoint, { params, response }] of ours) {
      const own = /:(\w+)$/.exec(endpoint)?.[1];
      if (own === undefined) continue;
      expect(Object.keys(fieldsOf(params)), endpoint).toContain(own);
      const fields = Object.keys(fieldsOf(response));
      const isObject = endpoint.startsWith("GET ") && fields.length > 0 && !fields.includes("items");
      if (isObject && !OTHER_OBJECTS.some(([known]) => known.test(endpoint))) expect(fields, endpoint).toContain(own);
    }
  });
});

test("every body refuses fields that it does not know", () => {
  const lenient = ours.filter(([, { body }]) => {
    const shape = inside(body);
    return shape instanceof z.ZodObject && shape.def.catchall === undefined;
  });
  expect(lenient.map(([endpoint]) => endpoint)).toEqual([]);
});

test("an optional field has no default, because leaving it out would then set it", () => {
  const isDefaulted = (field: Shape) => field instanceof z.ZodOptional && field.unwrap() instanceof z.ZodDefault;
  const reset = ours.flatMap(([endpoint, { query, body }]) =>
    [query, body].flatMap((shape) =>
      Object.entries(fieldsOf(shape)).flatMap(([name, field]) => (isDefaulted(field) ? [`${endpoint} ${name}`] : [])),
    ),
  );
  expect(reset).toEqual([]);
});
