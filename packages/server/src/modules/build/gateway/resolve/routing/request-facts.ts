import { isRecord } from "../../../../../kernel/is-record.ts";
import type { AnyRequest, CallerHeaders } from "../../formats/hub/any-request.ts";
import { recordsOf, textOf } from "../../formats/hub/json.ts";
import type { Call } from "../../request/read-call.ts";

/** What rules and strategies read of a request. */
export type RequestFacts = {
  readonly tags: readonly string[];
  readonly user: string;
  readonly isStream: boolean;
  /** Undefined for a header that was not sent. */
  header(name: string): string | undefined;
  /** Empty for a request without text of a user. */
  lastUserText(): string;
  /** An estimate, without the messages of a variant's prompt. */
  inputTokens(): number;
  /** The most that the request allows; null for no limit. */
  readonly maxOutputTokens: number | null;
};

/** UTF-8 bytes per token of OpenAI's vocabularies on mixed text. */
const BYTES_PER_TOKEN = 3.5;
const TEXT_FIELDS = ["messages", "input", "prompt", "system", "instructions", "tools", "functions"] as const;
const LIMIT_FIELDS = ["max_completion_tokens", "max_output_tokens", "max_tokens"] as const;
/** Fields that hold pictures, sounds and files, whose bytes are not tokens. */
const BINARY_FIELDS = new Set(["data", "file_data", "url", "image_url", "signature", "encrypted_content"]);
/** The beginning of a message is enough to detect its language. */
const LONGEST_TEXT = 4_000;

export const factsOf = ({ facts, headers, request, isStream }: Call): RequestFacts => ({
  tags: facts.tags,
  user: facts.userId,
  isStream,
  header: (name) => headerOf(headers, name.toLowerCase()),
  lastUserText: () => lastUserText(request),
  inputTokens: () => estimateTokens(request),
  maxOutputTokens: limitOf(request),
});

function headerOf(headers: CallerHeaders, name: string): string | undefined {
  const value = headers[name];
  return value === undefined || typeof value === "string" ? value : value.join(", ");
}

function lastUserText({ messages, input, prompt }: AnyRequest): string {
  const turns = messages ?? input ?? prompt;
  if (typeof turns === "string") return turns.slice(0, LONGEST_TEXT);
  if (!Array.isArray(turns)) return "";
  const turn: unknown = turns.findLast((one) => isRecord(one) && one.role === "user" && textOfTurn(one) !== "");
  return isRecord(turn) ? textOfTurn(turn).slice(0, LONGEST_TEXT) : "";
}

const textOfTurn = ({ content }: Readonly<Record<string, unknown>>): string =>
  typeof content === "string"
    ? content
    : recordsOf(content)
        .map(({ text }) => textOf(text))
        .filter((text) => text !== "")
        .join("\n");

function estimateTokens(request: AnyRequest): number {
  const bytes = TEXT_FIELDS.reduce((sum, field) => sum + bytesOf(request[field]), 0);
  return Math.ceil(bytes / BYTES_PER_TOKEN);
}

/** The bytes of all texts and numbers in a value. */
function bytesOf(value: unknown): number {
  if (typeof value === "string") return Buffer.byteLength(value);
  if (Array.isArray(value)) return value.reduce<number>((sum, item) => sum + bytesOf(item), 0);
  if (!isRecord(value)) return value === undefined || value === null ? 0 : String(value).length;
  return Object.entries(value).reduce(
    (sum, [name, field]) => (BINARY_FIELDS.has(name) && typeof field === "string" ? sum : sum + bytesOf(field)),
    0,
  );
}

function limitOf(request: AnyRequest): number | null {
  const limits = LIMIT_FIELDS.map((name) => request[name]).filter((limit) => typeof limit === "number");
  return limits[0] ?? null;
}
