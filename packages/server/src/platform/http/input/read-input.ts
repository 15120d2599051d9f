import { describeIssue, type Route, type Shape } from "@treadle/contract";
import type { FastifyRequest } from "fastify";
import type { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";
import { compileShape } from "./compile-shape.ts";
import { parseJson } from "./parse-json.ts";

export type Input = {
  readonly params: unknown;
  readonly query: unknown;
  readonly body: unknown;
  readonly bytes: Buffer;
};
type Issue = { readonly path: string; readonly message: string };

const NOTHING = Buffer.alloc(0);
const MAX_ISSUES = 20;
/** How many of them the message itself names. */
const MAX_TOLD = 3;

/** Of a union, the branch with the closest match is the most likely intention. */
function flatten(issue: z.core.$ZodIssue, path: readonly PropertyKey[]): Issue[] {
  const here = [...path, ...issue.path];
  if (issue.code !== "invalid_union") return [{ path: here.map(String).join("."), message: issue.message }];
  const [closest] = [...issue.errors].sort((a, b) => a.length - b.length || depth(b) - depth(a));
  return (
    closest?.flatMap((inner) => flatten(inner, here)) ?? [{ path: here.map(String).join("."), message: issue.message }]
  );
}
const depth = (issues: readonly z.core.$ZodIssue[]) => Math.max(...issues.map((issue) => issue.path.length));

function refuse(place: string, error: z.ZodError): AppError {
  const issues = error.issues
    .slice(0, MAX_ISSUES)
    .flatMap((issue) => flatten(issue, []))
    .slice(0, MAX_ISSUES);
  const [first] = issues;
  // The formats of others have no place for details: what is wrong must be in the sentence.
  const issueTexts = issues.slice(0, MAX_TOLD).map(({ path, message }) => `${pathIn(place, path)}: ${message}`);
  const more = issues.length > MAX_TOLD ? `; and ${issues.length - MAX_TOLD} more` : "";
  const details = {
    param: first?.path ? withIndexes(first.path) : null,
    issues: issues.map(({ path, message }) => ({ path: path ? `${place}.${path}` : place, message })),
  };
  return new AppError("invalid_request", {
    message: `${issueTexts.join("; ")}${more}.`.replace(/\.\.$/, "."),
    details,
  });
}

/** In code notation: `messages[0].role`. */
const withIndexes = (path: string) => path.replace(/\.(\d+)(?=\.|$)/g, "[$1]");
const pathIn = (place: string, path: string) => withIndexes(path ? `${place}.${path}` : place);

function reader(shape: Shape | undefined, place: string): (value: unknown) => unknown {
  if (!shape) return () => undefined;
  const parse = compileShape(shape);
  return (value) => {
    const result = parse(value, { error: describeIssue });
    if (!result.success) throw refuse(place, result.error);
    return result.data;
  };
}

/**
 * Makes the reader of what a route declares. It throws `invalid_request` whose details name each wrong field; never its value.
 */
export function inputReader(route: Route): (request: FastifyRequest) => Input {
  const readParams = reader(route.params, "params");
  const readQuery = reader(route.query, "query");
  const readBody = route.body && reader(route.body, "body");
  const mendsHalfPairs = route.wire === "openai" || route.wire === "anthropic";
  return (request) => {
    if (request.raw.url?.includes("%00"))
      throw new AppError("invalid_request", { message: "The URL contains U+0000, which is not allowed." });
    const bytes = Buffer.isBuffer(request.body) ? request.body : NOTHING;
    return {
      params: readParams(request.params),
      query: readQuery(request.query),
      body: readBody?.(bytes.length === 0 ? undefined : parseJson(bytes, { mendsHalfPairs })),
      bytes,
    };
  };
}
