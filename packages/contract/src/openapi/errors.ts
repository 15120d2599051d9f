import { ERRORS, type ErrorCode } from "../errors.ts";
import { acceptsIdempotencyKey } from "../idempotency.ts";
import type { Route } from "../route.ts";
import type { Schema } from "./schemas.ts";

const ERROR = { $ref: "#/components/schemas/Error" };

/** The 4xx responses in Treadle's own format, by the name of their component. */
const RESPONSES = {
  BadRequest: "invalid_request",
  Unauthorized: "unauthorized",
  Forbidden: "forbidden",
  NotFound: "not_found",
  Conflict: "conflict",
  PayloadTooLarge: "payload_too_large",
  UnsupportedMediaType: "unsupported_media_type",
  Unprocessable: "unprocessable",
  RateLimited: "rate_limited",
} as const satisfies Record<string, ErrorCode>;
type ResponseName = keyof typeof RESPONSES;

const text = { type: "string" };
const textOrNull = { type: ["string", "null"] };
const object = (properties: Record<string, Schema>): Schema => ({
  type: "object",
  properties,
  required: Object.keys(properties),
});

/** Error formats of other APIs, which their clients read on routes of that format. */
const FOREIGN = {
  openai: {
    name: "OpenAiError",
    description: "An error in the format of OpenAI's API",
    schema: object({ error: object({ message: text, type: text, param: textOrNull, code: textOrNull }) }),
  },
  anthropic: {
    name: "AnthropicError",
    description: "An error in the format of Anthropic's API",
    schema: object({ type: { const: "error" }, error: object({ type: text, message: text }), request_id: text }),
  },
  mlflow: {
    name: "MlflowError",
    description: "An error in the format of MLflow's API",
    schema: object({ error_code: text, message: text }),
  },
  otlp: {
    name: "OtlpError",
    description: "A `google.rpc.Status`, as OTLP defines it. Its content type is that of the request",
    schema: object({ code: { type: "integer" }, message: text }),
  },
} as const;

const json = (schema: Schema) => ({ "application/json": { schema } });

/** `components.responses`: one for each error that an operation can name, and one for each foreign format. */
export function errorResponses(): Readonly<Record<string, unknown>> {
  const own = Object.entries(RESPONSES).map(([name, code]) => [name, ownResponse(code)]);
  const foreign = Object.values(FOREIGN).map(({ name, description }) => [
    name,
    { description, content: json({ $ref: `#/components/schemas/${name}` }) },
  ]);
  return Object.fromEntries([
    ...own,
    ["Failure", { description: "Any other error, such as one of the server", content: json(ERROR) }],
    ...foreign,
  ]);
}

function ownResponse(code: ErrorCode) {
  const [, message] = ERRORS[code];
  const retry = { "Retry-After": { description: "Seconds to wait before the next try", schema: { type: "integer" } } };
  return {
    description: message,
    ...(code === "rate_limited" && { headers: retry }),
    content: { "application/json": { schema: ERROR, example: { error: { code, message, requestId: "req_1" } } } },
  };
}

/** The schemas that the responses of {@link errorResponses} refer to, except our own `Error`. */
export const foreignErrors = (): Readonly<Record<string, Schema>> =>
  Object.fromEntries(Object.values(FOREIGN).map(({ name, schema }) => [name, schema]));

/** The error responses of one operation, by status: references to {@link errorResponses}. */
export function errorsOf(endpoint: string, route: Route): Readonly<Record<string, Schema>> {
  const format = route.errors ?? route.wire;
  if (format !== undefined && format !== "mcp") {
    const reference = referTo(FOREIGN[format].name);
    return { "4XX": reference, default: reference };
  }
  const names = (Object.keys(RESPONSES) as ResponseName[]).filter((name) => canAnswer(name, endpoint, route));
  const byStatus = names.map((name) => [String(ERRORS[RESPONSES[name]][0]), referTo(name)]);
  return Object.fromEntries([...byStatus, ["default", referTo("Failure")]]);
}

const referTo = (name: string): Schema => ({ $ref: `#/components/responses/${name}` });

/** Follows from what the operation takes: a request without a body cannot have one of the wrong type. */
function canAnswer(name: ResponseName, endpoint: string, route: Route): boolean {
  const { permission, params, body, takes } = route;
  const hasBody = body !== undefined || takes === "bytes";
  const isPublic = permission === "public";
  const changes = !endpoint.startsWith("GET ") && !permission.endsWith(":read");
  switch (name) {
    case "BadRequest":
      return true;
    case "Unauthorized":
      return !isPublic || hasBody;
    case "Forbidden":
      return !isPublic;
    case "RateLimited":
      return isPublic && hasBody;
    case "NotFound":
      return params !== undefined || (!isPublic && hasBody);
    case "Conflict":
      return (!isPublic && changes) || acceptsIdempotencyKey(endpoint, route);
    default:
      return hasBody;
  }
}
