import { readShape, type Shape } from "@treadle/contract";
import type { Call } from "../../../kernel/call.ts";
import { AppError } from "../../../kernel/errors.ts";
import type { Tool } from "./tools.ts";

/** A longer response would fill the assistant's context. It is asked to request less. */
const MOST_CHARACTERS = 200_000;

type Arguments = Readonly<Record<string, unknown>>;

/** Calls an endpoint as if its request had come over HTTP, and gives its answer as JSON. Throws `AppError`. */
export async function callTool({ route, handle }: Tool, given: Arguments, call: Call): Promise<string> {
  const { body, ...flat } = given;
  const input = {
    params: parse(route.params, pick(flat, route.params), "arguments"),
    query: parse(route.query, asTexts(pick(flat, route.query)), "arguments"),
    body: parse(route.body, body, "body"),
  };
  refuseUnknown(flat, { ...shapeOf(route.params), ...shapeOf(route.query) });
  const sink = undefined as never;
  const answer = await handle({
    ...call,
    ...input,
    bytes: Buffer.alloc(0),
    sink,
    setHeader: () => {},
    setStatus: () => {},
  });
  const json = JSON.stringify(route.response.parse(answer));
  if (json.length <= MOST_CHARACTERS) return json;
  throw new AppError("unprocessable", {
    message: `The result has ${json.length} characters, more than the limit of ${MOST_CHARACTERS}. Ask for less: a smaller \`limit\`, a narrower filter, or a single item.`,
  });
}

function shapeOf(shape: Shape | undefined): Readonly<Record<string, unknown>> {
  return shape && "shape" in shape && typeof shape.shape === "object" ? { ...shape.shape } : {};
}

const pick = (given: Arguments, shape: Shape | undefined): Arguments =>
  Object.fromEntries(Object.entries(given).filter(([name]) => Object.hasOwn(shapeOf(shape), name)));

/** A query is text on the wire, and its shape reads text. */
const asTexts = (values: Arguments) =>
  Object.fromEntries(
    Object.entries(values)
      .filter(([, value]) => value !== null && value !== undefined)
      .map(([name, value]) => [name, typeof value === "object" ? value : String(value)]),
  );

function parse(shape: Shape | undefined, value: unknown, place: string): unknown {
  if (!shape) return undefined;
  const result = readShape(shape, value);
  if (result.success) return result.data;
  const issueTexts = result.error.issues
    .slice(0, 3)
    .map(({ path, message }) => `${[place, ...path.map(String)].join(".")}: ${message}`);
  throw new AppError("invalid_request", { message: `${issueTexts.join("; ")}.` });
}

function refuseUnknown(given: Arguments, known: Readonly<Record<string, unknown>>): void {
  const unknown = Object.keys(given).filter((name) => !Object.hasOwn(known, name));
  if (unknown.length === 0) return;
  const names = Object.keys(known).join(", ") || "none";
  throw new AppError("invalid_request", {
    message: `arguments.${unknown[0]}: this tool has no such argument. Available arguments: ${names}.`,
  });
}
