import type { Route } from "./route.ts";

/** The request header that makes a retry safe. */
export const IDEMPOTENCY_KEY = "idempotency-key";
/** The response header of a stored response that is returned again. */
export const IDEMPOTENCY_REPLAYED = "idempotency-replayed";

/** How long the server stores a key and its response. */
export const IDEMPOTENCY_HOURS = 24;
/** 1 to 255 printable ASCII characters. */
export const IDEMPOTENCY_KEY_PATTERN = /^[\x20-\x7e]{1,255}$/;

const PATH = "POST /api/v1/";
/** Statuses of an operation that creates something or starts a job. */
const CREATING: readonly number[] = [201, 202];

/**
 * Whether an operation accepts `Idempotency-Key`: each POST of the own API that creates something. Not a public one, because
 * keys belong to a caller. All of them take JSON and return JSON.
 */
export function acceptsIdempotencyKey(endpoint: string, route: Route): boolean {
  const { permission, wire, takes = "json", answer = "json", status = 200, creates = false } = route;
  if (!endpoint.startsWith(PATH) || permission === "public") return false;
  if (wire !== undefined || takes !== "json" || answer !== "json") return false;
  return creates || CREATING.includes(status);
}
