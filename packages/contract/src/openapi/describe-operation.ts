import type { Route } from "../route.ts";
import type { Schema } from "./schemas.ts";

const FORMATS = {
  openai: "Requests, responses and errors have the format of OpenAI's API.",
  anthropic: "Requests, responses and errors have the format of Anthropic's API.",
  otlp: "Requests, responses and errors have the format of OTLP over HTTP.",
  mcp: "The body is a JSON-RPC 2.0 message of the Model Context Protocol.",
} as const;

/** What an operation does beyond its summary: what its author wrote, then what follows from its shape. */
export function describeOperation(route: Route, response: Schema): string {
  return [route.description, ...paging(route, response), ...bodies(route), ...work(route, response), access(route)]
    .filter((sentence) => sentence !== undefined)
    .join(" ");
}

const has = (schema: Schema, property: string) =>
  Object.hasOwn((schema.properties as object | undefined) ?? {}, property);

function paging({ query }: Route, response: Schema): string[] {
  if (query === undefined || !has(response, "nextCursor")) return [];
  return ["Returns one page."];
}

function bodies({ answer, eventId, wire, errors, takes }: Route): string[] {
  return [
    answer === "file" && "The response body is the content of the file.",
    answer === "events" &&
      "The response is a stream of server-sent events that stays open. The data of each event is one JSON object.",
    eventId !== undefined && "To continue after a lost connection, send the id of the last event as `Last-Event-ID`.",
    takes === "bytes" && wire === undefined && "The request body is the bytes themselves, without an envelope.",
    wire !== undefined && FORMATS[wire],
    errors === "mlflow" && "Requests, responses and errors have the format of MLflow's API.",
  ].filter((sentence) => sentence !== false);
}

function work({ status }: Route, response: Schema): string[] {
  if (status === 202 && has(response, "jobId"))
    return ["The work runs as a job after the response. Follow it with `GET /api/v1/jobs/{jobId}`."];
  if (status === 202 && has(response, "status"))
    return ["The work continues after the response. Read the resource again to see its `status`."];
  return [];
}

function access({ permission, content }: Route): string {
  if (permission === "public") return "No credentials are needed.";
  if (permission === "signed-in") return "Any valid credentials are accepted.";
  return content === "required"
    ? `Permissions: \`${permission}\` and \`traces:content\`.`
    : `Permission: \`${permission}\`.`;
}
