import { z } from "zod";
import { ErrorBody } from "./errors.ts";
import type { Api, Route, Shape } from "./route.ts";

const schemaOf = (shape: Shape, io: "input" | "output") => {
  const { $schema: _, ...schema } = z.toJSONSchema(shape, { io, unrepresentable: "any" });
  return schema;
};

function parameters(shape: Shape | undefined, place: "path" | "query") {
  if (!(shape instanceof z.ZodObject)) return [];
  return Object.entries(shape.shape).map(([name, field]) => ({
    name,
    in: place,
    required: place === "path" || !(field as z.ZodType).safeParse(undefined).success,
    schema: schemaOf(field as z.ZodType, "input"),
  }));
}

function success(route: Route) {
  if (route.answer === "file")
    return {
      description: "OK",
      content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
    };
  const type = route.answer === "events" ? "text/event-stream" : "application/json";
  return { description: "OK", content: { [type]: { schema: schemaOf(route.response, "output") } } };
}

function operation(route: Route) {
  return {
    operationId: route.name,
    summary: route.summary,
    "x-permission": route.permission,
    ...(route.permission === "public" && { security: [] }),
    parameters: [...parameters(route.params, "path"), ...parameters(route.query, "query")],
    ...(route.body && {
      requestBody: { required: true, content: { "application/json": { schema: schemaOf(route.body, "input") } } },
    }),
    responses: {
      [route.status ?? 200]: success(route),
      default: { description: "Error", content: { "application/json": { schema: schemaOf(ErrorBody, "output") } } },
    },
  };
}

/** The OpenAPI 3.1 document of an API table. It is a view of the contract; nobody writes it by hand. */
export function toOpenApi(api: Api, info: { title: string; version: string }) {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const [key, route] of Object.entries(api)) {
    const [method = "", path = ""] = key.split(" ");
    const template = path.replaceAll(/:(\w+)/g, "{$1}");
    paths[template] = { ...paths[template], [method.toLowerCase()]: operation(route) };
  }
  return {
    openapi: "3.1.0",
    info,
    security: [{ apiKey: [] }, { session: [] }],
    paths,
    components: {
      securitySchemes: {
        apiKey: { type: "http", scheme: "bearer" },
        session: { type: "apiKey", in: "cookie", name: "treadle_session" },
      },
    },
  };
}
