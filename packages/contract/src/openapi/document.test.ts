import { beforeAll, describe, expect, test } from "vitest";
import { AREAS, api } from "../api.ts";
import { ERRORS } from "../errors.ts";
import { acceptsIdempotencyKey } from "../idempotency.ts";
import type { Route } from "../route.ts";
import { toOpenApi } from "./document.ts";
import { writeOpenApi } from "./write-document.ts";

type Json = { readonly [key: string]: Json };
type Operation = {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly summary: string;
  readonly description: string;
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly required?: boolean }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly example?: unknown }>> };
  readonly responses: Readonly<Record<string, Json>>;
};

const info = { title: "Treadle", version: "1.2.3" };
const routes = Object.entries<Route>(api);
let document: ReturnType<typeof toOpenApi>;
let operations: ReadonlyMap<string, Operation>;
beforeAll(() => {
  document = toOpenApi(AREAS, info);
  const all = Object.values(document.paths).flatMap((path) => Object.values(path) as Operation[]);
  operations = new Map(all.map((operation) => [operation.operationId, operation]));
});

const operationOf = (name: string): Operation => {
  const operation = operations.get(name);
  if (operation === undefined) throw new Error(`there is no operation ${name}`);
  return operation;
};
const schemaOf = (name: string) => document.components.schemas[name];

function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield { ...value };
  for (const part of Object.values(value)) yield* objectsIn(part);
}

const resolve = (pointer: string): unknown =>
  pointer
    .slice("#/".length)
    .split("/")
    .reduce<unknown>((part, key) => (part as Json | undefined)?.[key], document);

describe("the document", () => {
  test("has every endpoint of the contract under one tag", () => {
    expect([...operations.keys()].sort()).toEqual(routes.map(([, { name }]) => name).sort());
    const tags = new Set(document.tags.map(({ name }) => name));
    for (const { operationId, tags: own } of operations.values())
      expect([operationId, own.length, tags.has(own[0] ?? "")]).toEqual([operationId, 1, true]);
    const grouped = document["x-tagGroups"].flatMap(({ tags: names }) => names);
    expect(grouped).toEqual([...tags]);
  });

  test("resolves every reference and has no component without one", () => {
    const references = [...objectsIn(document)].flatMap(({ $ref }) => (typeof $ref === "string" ? [$ref] : []));
    expect(references.filter((reference) => resolve(reference) === undefined)).toEqual([]);
    const names = ["schemas", "responses", "parameters"].flatMap((kind) =>
      Object.keys(resolve(`#/components/${kind}`) as object).map((name) => `#/components/${kind}/${name}`),
    );
    expect(names.filter((name) => !references.includes(name))).toEqual([]);
  });

  test("describes every operation beyond its summary", () => {
    const bare = [...operations.values()].filter(({ summary, description }) => !description || description === summary);
    expect(bare.map(({ operationId }) => operationId)).toEqual([]);
    expect(operationOf("listTraces").description).toBe("Returns one page. " + "Permission: `traces:read`.");
    expect(operationOf("getHealth").description).toMatch(/No credentials are needed\.$/);
    expect(operationOf("watchTrainingRun").description).toContain("`Last-Event-ID`");
    expect(operationOf("applyCuration").description).toContain("`GET /api/v1/jobs/{jobId}`");
    expect(operationOf("createMessage").description).toContain("Anthropic's API");
  });

  test("is the same each time it is written", () => {
    expect(writeOpenApi(toOpenApi(AREAS, info))).toBe(writeOpenApi(document));
  });
});

describe("the schemas", () => {
  test("response schemas allow fields of later versions, strict request schemas do not", () => {
    expect(schemaOf("TraceSummary")).not.toHaveProperty("additionalProperties");
    expect(schemaOf("ExperimentInput")).toMatchObject({ additionalProperties: false });
    const closed = [...objectsIn([...operations.values()].map(({ responses }) => responses))].filter(
      ({ additionalProperties }) => additionalProperties === false,
    );
    expect(closed).toEqual([]);
  });

  test("name a shape differently where it is sent, if fields may be left out there", () => {
    expect(schemaOf("SpanEvent")).toMatchObject({ required: ["name", "time", "attributes"] });
    expect(schemaOf("SpanEventInput")).toMatchObject({ required: ["name", "time"] });
    expect(JSON.stringify(schemaOf("Span"))).toContain('"#/components/schemas/SpanEventInput"');
    expect(JSON.stringify(schemaOf("SpanDetail"))).toContain('"#/components/schemas/SpanEvent"');
  });

  test("write a tuple with its length instead of `items: false`", () => {
    const tuples = [...objectsIn(document)].filter(({ prefixItems }) => Array.isArray(prefixItems));
    expect(tuples.length).toBeGreaterThan(0);
    for (const { prefixItems, minItems, maxItems } of tuples)
      expect([minItems, maxItems]).toEqual([(prefixItems as unknown[]).length, (prefixItems as unknown[]).length]);
    expect([...objectsIn(document)].filter(({ items }) => items === false)).toEqual([]);
  });
});

describe("an operation", () => {
  test("with a JSON body has an example that the server accepts", () => {
    const refused = routes.flatMap(([endpoint, { name, body }]) => {
      if (body === undefined) return [];
      const example = operationOf(name).requestBody?.content["application/json"]?.example;
      const { success, error } = body.safeParse(example);
      return success ? [] : [`${endpoint}: ${JSON.stringify(example)} ${error.message}`];
    });
    expect(refused).toEqual([]);
  });

  test("lists path parameters as required and query parameters as declared", () => {
    const { parameters } = operationOf("getSpan");
    expect(parameters.map(({ name, in: place, required }) => [name, place, required])).toEqual([
      ["traceId", "path", true],
      ["spanId", "path", true],
    ]);
    const measures = operationOf("getOverview").parameters;
    expect(measures.find(({ name }) => name === "from")).toMatchObject({ in: "query", required: true });
    expect(measures.find(({ name }) => name === "buckets")).not.toHaveProperty("required");
  });

  test("refers to the parameters that many operations share", () => {
    const references = operationOf("listTraces").parameters.map((parameter) => JSON.stringify(parameter));
    expect(references).toContain('{"$ref":"#/components/parameters/PageQuery.limit"}');
    expect(references).toContain('{"$ref":"#/components/parameters/SpanFilter.model"}');
    expect(resolve("#/components/parameters/PageQuery.limit")).toEqual({
      name: "limit",
      in: "query",
      description: "Items per page.",
      schema: { type: "integer", minimum: 1, maximum: 200, default: 50 },
    });
  });

  test("that creates something accepts the header `Idempotency-Key` as a shared parameter", () => {
    const reference = '{"$ref":"#/components/parameters/IdempotencyKey"}';
    for (const [endpoint, route] of routes) {
      const references = operationOf(route.name).parameters.map((parameter) => JSON.stringify(parameter));
      expect([endpoint, references.includes(reference)]).toEqual([endpoint, acceptsIdempotencyKey(endpoint, route)]);
    }
    expect(operationOf("createDataset").responses).toHaveProperty("409");
    expect(operationOf("startDatasetExport").responses).toHaveProperty("409");
    expect(resolve("#/components/parameters/IdempotencyKey")).toMatchObject({
      name: "Idempotency-Key",
      in: "header",
      schema: { type: "string", minLength: 1, maxLength: 255 },
    });
  });

  test.each([
    ["TrainingRunInput", "requestId"],
    ["FeedbackInput", "idempotencyKey"],
    ["AnnotationAnswerInput", "clientId"],
  ])("%s marks %s as deprecated and names the header", (name, field) => {
    const { properties = {}, required = [] } = schemaOf(name) as {
      properties?: Record<string, unknown>;
      required?: string[];
    };
    expect(properties[field]).toMatchObject({
      deprecated: true,
      description: expect.stringContaining("`Idempotency-Key`"),
    });
    expect(required).not.toContain(field);
  });

  test.each([
    ["getHealth", ["200", "400", "default"]],
    ["listTraces", ["200", "400", "401", "403", "default"]],
    ["getTrace", ["200", "400", "401", "403", "404", "default"]],
    ["createSpans", ["202", "400", "401", "403", "404", "409", "413", "415", "422", "default"]],
    ["signIn", ["200", "400", "401", "413", "415", "422", "429", "default"]],
    ["createChatCompletion", ["200", "4XX", "default"]],
  ])("%s lists the responses %j", (name, statuses) => {
    expect(Object.keys(operationOf(name).responses).sort()).toEqual([...statuses].sort());
  });

  test.each([
    ["createChatCompletion", "OpenAiError"],
    ["createMessage", "AnthropicError"],
    ["mlflowGetModel", "MlflowError"],
    ["receiveTraces", "OtlpError"],
    ["exchangeMcp", "Failure"],
  ])("%s fails with the response %s", (name, response) => {
    expect(operationOf(name).responses.default).toEqual({ $ref: `#/components/responses/${response}` });
  });

  test("takes and returns bytes where the contract says so", () => {
    const typesOf = (name: string) => [
      Object.keys(operationOf(name).requestBody?.content ?? {}),
      Object.keys(operationOf(name).responses["200"]?.content ?? {}),
    ];
    expect(typesOf("putDatasetFilePart")).toEqual([["application/octet-stream"], ["application/json"]]);
    expect(typesOf("downloadDatasetFile")).toEqual([[], ["application/octet-stream"]]);
    expect(typesOf("watchJobs")).toEqual([[], ["text/event-stream"]]);
    expect(typesOf("receiveTraces")[0]).toEqual(["application/x-protobuf", "application/json"]);
    expect(typesOf("createChatCompletion")[1]).toEqual(["application/json", "text/event-stream"]);
    expect(typesOf("uploadFile")[0]).toEqual(["multipart/form-data"]);
  });
});

test("an error response has the status and the sentence of its code", () => {
  const { RateLimited } = document.components.responses as Record<string, Json>;
  expect(RateLimited).toMatchObject({ description: ERRORS.rate_limited[1], headers: { "Retry-After": {} } });
  expect(resolve("#/components/schemas/Error")).toMatchObject({
    properties: { error: { required: ["code", "message"] } },
  });
});

describe("the text of the document", () => {
  test("has one operation or component per line and stays under 2,200 bytes per operation", () => {
    const text = writeOpenApi(document);
    expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(document)));
    const lines = text.split("\n");
    expect(lines.filter((line) => line.includes('"operationId":')).length).toBe(operations.size);
    expect(lines.some((line) => line.startsWith('"Span": {'))).toBe(true);
    expect(Buffer.byteLength(text) / operations.size).toBeLessThan(2_200);
  });
});
