import { z } from "zod";
import { acceptsIdempotencyKey, IDEMPOTENCY_HOURS } from "../idempotency.ts";
import { PageQuery } from "../pages.ts";
import type { Route, Shape } from "../route.ts";
import type { Schema, SchemaSet } from "./schemas.ts";
import { shapeNames } from "./shape-names.ts";

export type ParameterSet = {
  /** The parameters of a path or a query, as OpenAPI writes them. */
  readonly of: (shape: Shape | undefined, place: "path" | "query") => readonly Schema[];
  /** The header that makes a retry safe, for an operation that accepts it. */
  readonly idempotencyKey: (endpoint: string, route: Route) => readonly Schema[];
  /** The shared parameters that were written so far: fields of a named query or filter, which many operations take. */
  readonly components: () => Readonly<Record<string, Schema>>;
};

const KEY_HEADER: Schema = {
  name: "Idempotency-Key",
  in: "header",
  description: `Makes a retry safe. The server stores the first response for ${IDEMPOTENCY_HOURS} hours, for this caller and operation. The same request with the same key returns that response and the header \`Idempotency-Replayed: true\`. Another request with the same key returns 409, and so does a retry while the first request runs. A response with status 429, 499 or 5xx is not stored.`,
  schema: { type: "string", minLength: 1, maxLength: 255, pattern: "^[ -~]+$" },
};

/** Writes parameters. A field of `PageQuery` that an operation takes as it is becomes a reference to `PageQuery.limit`. */
export function createParameters(schemas: SchemaSet): ParameterSet {
  const names = sharedNames();
  const components: Record<string, Schema> = {};
  return {
    of(shape, place) {
      if (!(shape instanceof z.ZodObject)) return [];
      const { properties, required } = schemas.fields(shape);
      return Object.entries(properties).map(([name, { description, ...schema }]) => {
        const isRequired = place === "path" || required.includes(name);
        const parameter = {
          name,
          in: place,
          ...(isRequired && { required: true }),
          ...(description !== undefined && { description }),
          schema,
        };
        const shared = names.get(shape.shape[name]);
        if (shared === undefined || place === "path") return parameter;
        components[shared] = parameter;
        return { $ref: `#/components/parameters/${shared}` };
      });
    },
    idempotencyKey(endpoint, route) {
      if (!acceptsIdempotencyKey(endpoint, route)) return [];
      components.IdempotencyKey = KEY_HEADER;
      return [{ $ref: "#/components/parameters/IdempotencyKey" }];
    },
    components: () => Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The fields of the named queries and filters, each as `SpanFilter.model`. A field that several have is named after the first. */
function sharedNames(): ReadonlyMap<unknown, string> {
  const names = new Map<unknown, string>();
  for (const [shape, name] of [[PageQuery, "PageQuery"] as const, ...shapeNames()]) {
    if (!(shape instanceof z.ZodObject) || !/(?:Query|Filter)$/.test(name)) continue;
    for (const [field, schema] of Object.entries(shape.shape))
      if (!names.has(schema)) names.set(schema, `${name}.${field}`);
  }
  return names;
}
