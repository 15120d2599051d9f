import { type UpstreamError, UpstreamStreamError } from "../providers/provider.ts";
import { isRecord, type JsonRecord, parseJson } from "./json.ts";

/** What went wrong in an answer that had begun with a 200. */
export const brokenAnswer = (
  message: string,
  { type = "invalid_response", code = null }: Partial<UpstreamError> = {},
) => new UpstreamStreamError({ message, type, code });

/** The object in a provider's answer. Throws `UpstreamStreamError` when a 200 came with something else. */
export function parseAnswer(body: Uint8Array, provider: string): JsonRecord {
  const value = parseJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  if (isRecord(value)) return value;
  throw brokenAnswer(`${provider} answered with something that is not a JSON object.`);
}

/** The object in one event of a provider's stream. Throws `UpstreamStreamError` when it is cut off or no JSON. */
export const parseEvent = (data: string, provider: string): JsonRecord => objectIn(parseJson(data), provider);

/** The same for data that has been parsed already. */
export function objectIn(value: unknown, provider: string): JsonRecord {
  if (isRecord(value)) return value;
  throw brokenAnswer(`${provider} sent an event that is not a JSON object; the stream may have broken off.`);
}

const MAX_ERROR_CHARACTERS = 500;

/** The start of a body that is not the JSON a provider documents, such as a proxy's page of HTML. */
export function plainError(status: number, body: Uint8Array): UpstreamError {
  const text = Buffer.from(body).toString().replaceAll(/\s+/g, " ").trim().slice(0, MAX_ERROR_CHARACTERS);
  return {
    message: text === "" ? `The provider answered with status ${status} and no text.` : text,
    type: null,
    code: null,
  };
}
