import type { Method, Route, Tag } from "../route.ts";
import { describeOperation } from "./describe-operation.ts";
import { errorResponses, errorsOf, foreignErrors } from "./errors.ts";
import { exampleOf } from "./example.ts";
import { createParameters, type ParameterSet } from "./parameters.ts";
import { createSchemas, type Schema, type SchemaSet } from "./schemas.ts";

type Area = { readonly name: string; readonly tags: readonly Tag[] };
type Parts = { readonly schemas: SchemaSet; readonly parameters: ParameterSet };
type Row = { readonly endpoint: string; readonly route: Route; readonly tag: string };

const INTRODUCTION = `The API of Treadle. The paths below \`/api/v1\` are its own API. Most other paths speak the API of another product, so that its clients work unchanged.

- **Credentials.** Send an API key as \`Authorization: Bearer tr_…\`. Browsers use the session cookie instead. An address that sends many wrong credentials gets 429 for a while.
- **Projects.** A key or a session that can open several projects chooses one with the header \`x-treadle-project\`.
- **Lists.** A list returns \`items\` and \`nextCursor\`. Send \`nextCursor\` as \`cursor\` to get the next page.
- **Errors.** A failed request returns an \`Error\` with a stable \`code\` and the \`requestId\` that the server's log uses.
- **Retries.** Operations that create something accept the header \`Idempotency-Key\`. Send the same key when you retry, and nothing is created twice.
- **Unknown input.** Unknown query parameters and body fields are rejected. Responses can gain fields at any time, so ignore those you do not know.`;

/** The OpenAPI 3.1 document of the contract. It is generated; do not edit it by hand. */
export function toOpenApi(areas: readonly Area[], { title, version }: { title: string; version: string }) {
  const rows = areas.flatMap(({ tags }) => tags.flatMap(rowsOf));
  const schemas = createSchemas(rows.map(({ route }) => route));
  const parameters = createParameters(schemas);
  const paths: Record<string, Record<string, unknown>> = {};
  for (const row of rows) {
    const [method = "", path = ""] = row.endpoint.split(" ");
    const template = path.replaceAll(/:(\w+)/g, "{$1}");
    paths[template] = { ...paths[template], [method.toLowerCase()]: operation(row, { schemas, parameters }) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title,
      version,
      description: INTRODUCTION,
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/", description: "The server that serves this document" }],
    security: [{ apiKey: [] }, { session: [] }],
    tags: areas.flatMap(({ tags }) => tags.map(({ name, description }) => ({ name, description }))),
    "x-tagGroups": areas.map(({ name, tags }) => ({ name, tags: tags.map((tag) => tag.name) })),
    paths,
    components: {
      securitySchemes: SECURITY_SCHEMES,
      parameters: parameters.components(),
      responses: errorResponses(),
      schemas: { ...schemas.components, ...foreignErrors() },
    },
  };
}
export type OpenApiDocument = ReturnType<typeof toOpenApi>;

const SECURITY_SCHEMES = {
  apiKey: {
    type: "http",
    scheme: "bearer",
    description: "An API key of a project. `POST /api/v1/api-keys` creates one with the permissions that it needs.",
  },
  session: {
    type: "apiKey",
    in: "cookie",
    name: "treadle_session",
    description: "The cookie of a person who is signed in. `POST /api/v1/session` sets it.",
  },
};

const rowsOf = ({ name, endpoints }: Tag): Row[] =>
  endpoints.flatMap((api) =>
    (Object.entries(api) as [`${Method} /${string}`, Route][]).map(([endpoint, route]) => ({
      endpoint,
      route,
      tag: name,
    })),
  );

function operation({ endpoint, route, tag }: Row, { schemas, parameters }: Parts) {
  const { name, summary, permission, params, query } = route;
  const response = schemas.output(route.response);
  return {
    operationId: name,
    tags: [tag],
    summary,
    description: describeOperation(route, resolve(response, schemas)),
    "x-permission": permission,
    ...(permission === "public" && { security: [] }),
    parameters: [
      ...parameters.of(params, "path"),
      ...parameters.of(query, "query"),
      ...parameters.idempotencyKey(endpoint, route),
    ],
    ...requestBody(route, schemas),
    responses: { [route.status ?? 200]: success(route, response, schemas), ...errorsOf(endpoint, route) },
  };
}

const BYTES = { schema: { type: "string", format: "binary" } };
const FORM = {
  type: "object",
  properties: { file: { type: "string", format: "binary" }, purpose: { type: "string" } },
  required: ["file", "purpose"],
};

function requestBody({ body, example, takes, wire }: Route, schemas: SchemaSet) {
  const required = true;
  if (wire === "otlp")
    return {
      requestBody: {
        required,
        content: { "application/x-protobuf": BYTES, "application/json": { schema: { type: "object" } } },
      },
    };
  if (takes === "bytes" && wire === "openai")
    return { requestBody: { required, content: { "multipart/form-data": { schema: FORM } } } };
  if (takes === "bytes") return { requestBody: { required, content: { "application/octet-stream": BYTES } } };
  if (!body) return {};
  const schema = schemas.input(body);
  const shown = example ?? exampleOf(schema, (reference) => resolve({ $ref: reference }, schemas));
  return { requestBody: { required, content: { "application/json": { schema, example: shown } } } };
}

function success({ answer, wire, body }: Route, schema: Schema, schemas: SchemaSet) {
  if (answer === "file") return { description: "The file", content: { "application/octet-stream": BYTES } };
  if (answer === "events") return { description: "A stream of events", content: { "text/event-stream": { schema } } };
  const streams = wire !== undefined && body !== undefined && "stream" in schemas.fields(body).properties;
  return {
    description: "OK",
    content: {
      "application/json": { schema },
      ...(streams && { "text/event-stream": { schema: { type: "string" } } }),
    },
  };
}

function resolve(schema: Schema, { components }: SchemaSet): Schema {
  const name = typeof schema.$ref === "string" ? schema.$ref.slice(schema.$ref.lastIndexOf("/") + 1) : undefined;
  return name === undefined ? schema : (components[name] ?? {});
}
