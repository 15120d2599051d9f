import { expect, test } from "vitest";
import type { z } from "zod";
import { api } from "./api.ts";
import { MOST_INTEGER } from "./numbers.ts";
import type { Route } from "./route.ts";

type Schema = z.core.$ZodType;
type Found = { readonly path: string; readonly most: number };

/** Integers that are stored elsewhere than in a column of 32 bits: as JSON, or in one of 64. */
const WIDE: readonly (readonly [path: RegExp, most: number])[] = [
  [/(^|\.)seed$/, 4_294_967_295],
  [/(^|\.)minTokens$/, 4_294_967_295],
  [/^body\.spans\[\]\.\w+Tokens$/, 4_294_967_295],
  [/^body\.budget\.tokens$/, 1_000_000_000_000],
  [/^body\.files\[\]\.sizeBytes$/, 1_000_000_000_000],
];

/** Every integer that a request can carry, by its path, with the largest value that its shape takes. */
function* integersIn(schema: Schema, path: string, above: readonly Schema[] = []): Generator<Found> {
  if (above.includes(schema)) return;
  const below = [...above, schema];
  const definition = schema._zod.def as unknown as Record<string, unknown> & { type: string };
  const inner = (of: unknown, name: string) => integersIn(of as Schema, name, below);
  switch (definition.type) {
    case "number": {
      const checks = (schema._zod.def.checks ?? []).map(({ _zod }) => _zod.def as { check: string; value?: number });
      const bounds = checks.flatMap(({ check, value }) =>
        check === "less_than" && value !== undefined ? [value] : [],
      );
      const isInteger = checks.some(({ check }) => check === "number_format");
      if (isInteger) yield { path, most: Math.min(Number.MAX_SAFE_INTEGER, ...bounds) };
      return;
    }
    case "object":
      for (const [name, of] of Object.entries(definition.shape as Record<string, Schema>))
        yield* inner(of, `${path}.${name}`);
      return;
    case "array":
      yield* inner(definition.element, `${path}[]`);
      return;
    case "tuple":
      for (const [index, of] of (definition.items as Schema[]).entries()) yield* inner(of, `${path}[${index}]`);
      return;
    case "record":
      yield* inner(definition.valueType, `${path}.*`);
      return;
    case "union":
      for (const of of definition.options as Schema[]) yield* inner(of, path);
      return;
    case "intersection":
      yield* inner(definition.left, path);
      yield* inner(definition.right, path);
      return;
    case "pipe":
      yield* inner(definition.in, path);
      yield* inner(definition.out, path);
      return;
    case "lazy":
      yield* inner((definition.getter as () => Schema)(), path);
      return;
    default:
      if (definition.innerType !== undefined) yield* inner(definition.innerType, path);
  }
}

const mostOf = (path: string) => WIDE.find(([pattern]) => pattern.test(path))?.[1] ?? MOST_INTEGER;

test.each(Object.entries<Route>(api).filter(([, { permission }]) => permission !== "gateway:use"))(
  "%s takes no integer that a column cannot hold",
  (_endpoint, { params, query, body }) => {
    const shapes = Object.entries({ params, query, body });
    const integers = shapes.flatMap(([place, shape]) => (shape ? [...integersIn(shape, place)] : []));
    expect(integers.filter(({ path, most }) => most > mostOf(path))).toEqual([]);
  },
);

test("the walk finds integers in lists, unions and optional fields", () => {
  const answers = api["POST /api/v1/runs/:runId/answers"].body;
  expect([...integersIn(answers, "body")].map(({ path }) => path)).toContain("body.answers[].repeat");
  const chart = api["PUT /api/v1/dashboards/:dashboardId"].body;
  expect([...integersIn(chart, "body")].map(({ path }) => path)).toContain("body.version");
});
