import { REQUEST_HEADERS, type Route } from "@treadle/contract";
import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { AppError } from "../../../kernel/errors.ts";

/** The response header that carries what a caller should know although the request was answered. */
export const WARNINGS = "x-treadle-warnings";

const OURS = "x-treadle-";
const MAX_NAMES = 10;
const MAX_NAME = 60;

/** Parts of a request that its route does not read. */
type UnknownInput = { readonly message: string; readonly details: Readonly<Record<string, unknown>> };

/** Null for a route that reads whatever parameters come. */
function knownParametersOf({ query }: Route): ReadonlySet<string> | null {
  if (query === undefined) return new Set();
  return query instanceof z.ZodObject && query.def.catchall === undefined ? new Set(Object.keys(query.shape)) : null;
}

function listUnknown(names: readonly string[], known: Iterable<string>, what: readonly [one: string, many: string]) {
  const shown = names.slice(0, MAX_NAMES).map((name) => name.slice(0, MAX_NAME).replaceAll(/[^\x21-\x7e]/g, "?"));
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : "";
  const list = [...known].join(", ");
  return `Unknown ${names.length === 1 ? what[0] : what[1]}: ${shown.join(", ")}${more}. Known: ${list || "none"}.`;
}

/** Finds unknown query parameters and `x-treadle-…` headers of a route. Null if there are none. */
export function unknownInputFinder(route: Route): (request: FastifyRequest) => UnknownInput | null {
  const known = knownParametersOf(route);
  return ({ raw, query }) => {
    const parameters =
      known !== null && raw.url?.includes("?")
        ? Object.keys(query as object).filter((name) => name !== "" && !known.has(name))
        : [];
    const headers: string[] = [];
    for (const name in raw.headers)
      if (name.startsWith(OURS) && !Object.hasOwn(REQUEST_HEADERS, name)) headers.push(name);
    if (parameters.length === 0 && headers.length === 0) return null;
    const sentences = [
      parameters.length > 0 && listUnknown(parameters, known ?? [], ["query parameter", "query parameters"]),
      headers.length > 0 && listUnknown(headers, Object.keys(REQUEST_HEADERS), ["header", "headers"]),
    ];
    return {
      message: sentences.filter((sentence) => sentence !== false).join(" "),
      details: { param: parameters[0] ?? headers[0], parameters, headers, knownParameters: [...(known ?? [])] },
    };
  };
}

const OWN_API = "/api/v1/";

/**
 * Clients of other APIs send parameters that only their own server knows, such as `?beta=true` or `?api-version=…`, and
 * probes add some against caches. There the caller is warned and answered; our own API refuses.
 */
export const isLenient = (endpoint: string, { wire, errors }: Route): boolean =>
  wire !== undefined || errors !== undefined || !endpoint.split(" ")[1]?.startsWith(OWN_API);

export const unknownInputError = ({ message, details }: UnknownInput) =>
  new AppError("invalid_request", { message, details });
