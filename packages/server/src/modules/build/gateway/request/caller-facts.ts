import { isUtf8 } from "node:buffer";
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { AnyRequest, CallerHeaders } from "../formats/hub/any-request.ts";
import { parseJson, recordOf, textOf } from "../formats/hub/json.ts";

/** Facts about a call from its headers or its body. Headers take precedence. */
export type CallerFacts = {
  readonly userId: string;
  readonly sessionId: string;
  readonly environment: string;
  readonly tags: readonly string[];
  readonly metadata: Readonly<Record<string, string>>;
  /** How long to cache the answer, in seconds. Null leaves it to the configuration; 0 turns the cache off. */
  readonly cacheSeconds: number | null;
  /** Models to try after the endpoint's models, in order. */
  readonly fallbacks: readonly string[];
  /** The variant of the endpoint that the caller wants; empty for none. */
  readonly variant: string;
};

/** A stored prompt by its name and the version that was used. */
export type CallPrompt = {
  readonly name: string;
  readonly version: string;
  /** If the gateway filled it in: its variables, and how many messages it made. A replay fills in another prompt. */
  readonly filled?: { readonly inputs: Readonly<Record<string, unknown>>; readonly messages: number };
};

const MAX_ID = 500;
const MAX_PROMPT = 300;
const MAX_TAGS = 100;
const MAX_LABEL = 200;
const MAX_VALUE = 10_000;
const MAX_METADATA = 100;
const LONGEST_CACHE_SECONDS = 31_536_000;
const MAX_FALLBACKS = 20;

const TRACE_PARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?$/;
const NOTHING: Readonly<Record<string, string>> = {};

const one = (value: CallerHeaders[string]): string => (typeof value === "string" ? decode(value).trim() : "");

/** Node reads the bytes of a header as Latin-1, but programs send names in UTF-8. Valid UTF-8 is decoded again. */
function decode(header: string): string {
  if (!/[\x80-\xff]/.test(header)) return header;
  const bytes = Buffer.from(header, "latin1");
  return isUtf8(bytes) ? bytes.toString() : header;
}

/** The ids of a W3C `traceparent`. Null when it is missing or not valid, as its specification requires. */
export function readTraceParent(header: CallerHeaders[string]): { traceId: string; spanId: string } | null {
  if (header === undefined) return null;
  const [, version = "", traceId = "", spanId = "", more] = TRACE_PARENT.exec(one(header)) ?? [];
  // Version 00 has exactly four fields; later versions may add more; ff is not a version.
  if (version === "ff" || (version === "00" && more !== undefined)) return null;
  return /[^0]/.test(traceId) && /[^0]/.test(spanId) ? { traceId, spanId } : null;
}

/** Reads `NAME@VERSION`, percent-encoded, from a caller that filled in the prompt itself. */
export function readPrompt(header: CallerHeaders[string]): CallPrompt | null {
  const text = one(header);
  if (text === "") return null;
  const [, encoded = "", version = ""] = /^([^@]{1,1000})@(\d{1,10})$/.exec(text) ?? [];
  const name = unescaped(encoded);
  if (name !== "") return { name: name.slice(0, MAX_PROMPT), version };
  throw invalid("x-treadle-prompt", "it is not the name and version of a prompt. Send, for example, support/answer@3.");
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return "";
  }
}

/** Throws `invalid_request` for an invalid `x-treadle-…` header. Long values are cut. */
export function readFacts(headers: CallerHeaders, request: AnyRequest): CallerFacts {
  const { metadata } = request;
  const user = bodyUser(request);
  const agent = readAgentUser(user);
  return {
    userId: (one(headers["x-treadle-user"]) || (agent?.userId ?? user)).slice(0, MAX_ID),
    sessionId: (
      one(headers["x-treadle-session"]) ||
      sessionIn(metadata) ||
      agent?.sessionId ||
      agentSession(headers, request)
    ).slice(0, MAX_ID),
    environment: one(headers["x-treadle-environment"]).slice(0, MAX_LABEL),
    tags: [...new Set(readList(headers["x-treadle-tags"]).map((tag) => tag.slice(0, MAX_LABEL)))].slice(0, MAX_TAGS),
    metadata: readMetadata(headers["x-treadle-metadata"], metadata),
    cacheSeconds: readCache(headers["x-treadle-cache"]),
    fallbacks: readList(headers["x-treadle-fallback"]).slice(0, MAX_FALLBACKS),
    variant: one(headers["x-treadle-variant"]),
  };
}

const bodyUser = ({ user, safety_identifier: safety, metadata }: AnyRequest): string =>
  textOf(user) || textOf(safety) || (isRecord(metadata) ? textOf(metadata.user_id) : "");

/** Claude Code sends the user and the session in one text: as JSON, and before version 2.1 as `user_…_account_…_session_…`. Null for any other text. */
function readAgentUser(user: string): { userId: string; sessionId: string } | null {
  // An agent sends about 200 characters. A much longer text is not worth the search.
  if (user.length > MAX_ID) return null;
  if (user.startsWith("{")) {
    const { account_uuid: account, device_id: device, session_id: session } = recordOf(parseJson(user));
    if (typeof session !== "string") return null;
    return { userId: textOf(account) || textOf(device), sessionId: session };
  }
  const [, device = "", account = "", session] = /^user_(.+)_account_(.*)_session_(.+)$/.exec(user) ?? [];
  return session === undefined ? null : { userId: account || device, sessionId: session };
}

/** The session of a call from Claude Code, opencode or Codex. */
const agentSession = (headers: CallerHeaders, { client_metadata: client }: AnyRequest): string =>
  one(headers["x-claude-code-session-id"]) || one(headers["x-session-id"]) || sessionIn(client);

const sessionIn = (metadata: unknown): string => (isRecord(metadata) ? textOf(metadata.session_id) : "");

function readList(header: CallerHeaders[string]): string[] {
  if (header === undefined) return [];
  return one(header)
    .split(",")
    .map((part) => part.trim())
    .filter(Boolean);
}

function readMetadata(header: CallerHeaders[string], fromBody: unknown): Readonly<Record<string, string>> {
  if (header === undefined && !isRecord(fromBody)) return NOTHING;
  const text = one(header);
  const fromHeader = text === "" ? {} : parseJson(text);
  if (!isRecord(fromHeader)) {
    throw invalid("x-treadle-metadata", 'it is not a JSON object. Send, for example, {"feature":"search"}.');
  }
  const merged = Object.entries({ ...(isRecord(fromBody) ? fromBody : {}), ...fromHeader }).slice(0, MAX_METADATA);
  return Object.fromEntries(
    merged.map(([name, value]) => [
      name.slice(0, MAX_LABEL),
      (typeof value === "string" ? value : JSON.stringify(value)).slice(0, MAX_VALUE),
    ]),
  );
}

function readCache(header: CallerHeaders[string]): number | null {
  const text = one(header);
  if (text === "") return null;
  const seconds = Number(text);
  if (Number.isInteger(seconds) && seconds >= 0 && seconds <= LONGEST_CACHE_SECONDS) return seconds;
  throw invalid(
    "x-treadle-cache",
    `"${text.slice(0, 40)}" is not a number of seconds from 0 to ${LONGEST_CACHE_SECONDS}.`,
  );
}

const invalid = (header: string, problem: string) =>
  new AppError("invalid_request", {
    message: `The header ${header} is not valid: ${problem}`,
    details: { param: header },
  });
