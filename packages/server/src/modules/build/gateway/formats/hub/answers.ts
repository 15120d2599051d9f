import { isRecord } from "../../../../../kernel/is-record.ts";
import { type UpstreamError, UpstreamStreamError } from "./hub.ts";
import { type JsonRecord, parseJson } from "./json.ts";

/** The error for an answer that began with the status 200 and is not valid. */
export const brokenAnswer = (
  message: string,
  { type = "invalid_response", code = null }: Partial<UpstreamError> = {},
) => new UpstreamStreamError({ message, type, code });

/** The JSON object in a provider's answer. Throws `UpstreamStreamError` for anything else. */
export function parseAnswer(body: Uint8Array, provider: string): JsonRecord {
  const value = parseJson(Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString());
  if (isRecord(value)) return value;
  throw brokenAnswer(`${provider} answered with something that is not a JSON object.`);
}

/** The JSON object in one event of a provider's stream. Throws `UpstreamStreamError` for anything else. */
export const parseEvent = (data: string, provider: string): JsonRecord => objectIn(parseJson(data), provider);

/** The same for data that is already parsed. */
export function objectIn(value: unknown, provider: string): JsonRecord {
  if (isRecord(value)) return value;
  throw brokenAnswer(`${provider} sent an event that is not a JSON object; the stream may have broken off.`);
}

const MAX_ERROR_CHARACTERS = 500;

/** The error for a body that is not JSON, such as the HTML page of a proxy: its first characters. */
export function plainError(status: number, body: Uint8Array): UpstreamError {
  const text = Buffer.from(body).toString().replaceAll(/\s+/g, " ").trim().slice(0, MAX_ERROR_CHARACTERS);
  return {
    message: text === "" ? `The provider answered with status ${status} and no text.` : text,
    type: null,
    code: null,
  };
}
