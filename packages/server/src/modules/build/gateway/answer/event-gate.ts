import { isRecord } from "../../../../kernel/is-record.ts";
import type { StreamEvent } from "../formats/hub/hub.ts";
import { parseJson } from "../formats/hub/json.ts";
import { createEventReader, isEmptyOrDone } from "../formats/hub/server-events.ts";
import { createTokenRun } from "./token-run.ts";

/** Whole events: their content for the span (a run of tokens when it ends), and the bytes for the caller. */
type Passed = { readonly events: readonly StreamEvent[]; readonly shown: Buffer };

const NOTHING = Buffer.alloc(0);
const NO_EVENTS: readonly StreamEvent[] = [];
const NONE: Passed = { events: NO_EVENTS, shown: NOTHING };
/** No provider sends a longer event. The limit protects the memory of the server. */
const MAX_EVENT_BYTES = 32 * 1024 * 1024;

/** The longest empty line, without its last byte. */
const SEAM_BYTES = 3;
const EMPTY_LINE = Buffer.from("\n\n");
const EMPTY_LINE_WITH_RETURNS = Buffer.from("\r\n\r\n");
/** The first text, reasoning or arguments, in any of the formats that pass through. */
const TOKEN = /"(?:content|text|reasoning_content|reasoning|thinking|partial_json|arguments|delta)": ?"[^"]/;
const LAST_EVENT = {
  openai: new Set<unknown>(),
  anthropic: new Set<unknown>(["message_stop"]),
  responses: new Set<unknown>(["response.completed", "response.incomplete", "response.failed"]),
};
export type StreamFormat = keyof typeof LAST_EVENT;

/**
 * Lets only whole events of a provider through to the caller: half an event before a broken connection would be read as a broken
 * answer. Bytes stay unchanged, except that usage is left out if only the gateway requested it.
 */
export function createEventGate({ format, hidesUsage }: { format: StreamFormat; hidesUsage: boolean }) {
  // Each event is parsed once, for its validity and for the span, unless it repeats the shape of the previous one.
  const reader = createEventReader();
  const run = createTokenRun();
  let heldEvents: Buffer[] = [];
  let heldBytes = 0;
  let tail: Buffer = NOTHING;
  const state = {
    /** Set when an event cannot be read. Nothing after it passes. */
    problem: null as string | null,
    hasToken: false,
    /** Whether the event that ends the stream has passed. */
    isWhole: false,
  };

  function judge(bytes: Buffer): Passed {
    if (run.take(bytes)) return { events: run.isFull() ? run.release() : NO_EVENTS, shown: bytes };
    const events = run.release();
    const before = events.length;
    let isShown = true;
    for (const { event, data } of reader.push(bytes)) {
      if (isEmptyOrDone(data)) {
        if (format === "openai" && data.includes("[DONE]")) state.isWhole = true;
        continue;
      }
      const value = parseJson(data);
      if (value === undefined) {
        state.problem = "The provider sent an event that is not a JSON object.";
        return { events, shown: bytes.subarray(0, startOfBroken(bytes)) };
      }
      if (!state.hasToken) state.hasToken = TOKEN.test(data);
      if (isRecord(value) && LAST_EVENT[format].has(value.type)) state.isWhole = true;
      if (hidesUsage && isOnlyUsage(value)) isShown = false;
      events.push({ event, value });
    }
    const [first] = events.length === before + 1 && state.hasToken ? events.slice(before) : [];
    if (first) run.learn(bytes, first);
    return { events, shown: isShown ? bytes : withoutUsage(bytes) };
  }

  function hold(bytes: Buffer): Passed {
    heldEvents.push(bytes);
    heldBytes += bytes.length;
    tail = Buffer.concat([tail, bytes.subarray(-SEAM_BYTES)]).subarray(-SEAM_BYTES);
    if (heldBytes > MAX_EVENT_BYTES) state.problem = "The provider sent an event of more than 32 MB.";
    return NONE;
  }
  function release(last: Buffer): Buffer {
    if (heldBytes === 0) return last;
    const whole = Buffer.concat([...heldEvents, last]);
    heldEvents = [];
    heldBytes = 0;
    tail = NOTHING;
    return whole;
  }

  return {
    state,
    push(chunk: Buffer): Passed {
      if (state.problem !== null) return NONE;
      const end = endOfEvents(chunk) || endAtSeam(tail, chunk);
      if (end === 0) return hold(chunk);
      if (end === chunk.length) return judge(release(chunk));
      const passed = judge(release(chunk.subarray(0, end)));
      hold(chunk.subarray(end));
      return passed;
    },
    /** At the end of the stream: a last event without its empty line, if it can be read. */
    flush(): Passed {
      if (state.problem !== null || heldBytes === 0) return NONE;
      return judge(release(EMPTY_LINE));
    },
    /** Events that have passed but were not returned yet: a run of tokens is returned when it ends. */
    unread: () => run.release(),
  };
}

/** The position after the last empty line. 0 if there is none. */
function endOfEvents(bytes: Buffer): number {
  const last = bytes.length - 1;
  if (bytes[last] === 0x0a && (bytes[last - 1] === 0x0a || (bytes[last - 1] === 0x0d && bytes[last - 2] === 0x0a)))
    return bytes.length;
  const plain = bytes.lastIndexOf(EMPTY_LINE);
  const returns = bytes.lastIndexOf(EMPTY_LINE_WITH_RETURNS);
  return Math.max(plain === -1 ? 0 : plain + 2, returns === -1 ? 0 : returns + 4);
}

/** The same for an empty line that begins in the held bytes, so that a long event is not searched again for each chunk. */
function endAtSeam(tail: Buffer, chunk: Buffer): number {
  if (tail.length === 0) return 0;
  return Math.max(0, endOfEvents(Buffer.concat([tail, chunk.subarray(0, SEAM_BYTES)])) - tail.length);
}

// Latin-1 maps each byte to one character, so positions are byte offsets. Bytes above 127 occur only inside JSON strings.
/** Each event with the empty line after it. */
const split = (bytes: Buffer): string[] =>
  bytes
    .toString("latin1")
    .match(/[\s\S]*?(?:\r?\n\r?\n|$)/g)
    ?.filter(Boolean) ?? [];

const dataOf = (event: string): string =>
  event
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");

/** The position of the first event that contains neither JSON nor `[DONE]`. */
function startOfBroken(bytes: Buffer): number {
  let at = 0;
  for (const event of split(bytes)) {
    const data = dataOf(event);
    if (!isEmptyOrDone(data) && parseJson(data) === undefined) return at;
    at += event.length;
  }
  return 0;
}

const withoutUsage = (bytes: Buffer): Buffer =>
  Buffer.from(
    split(bytes)
      .filter((event) => !isOnlyUsage(parseJson(dataOf(event))))
      .join(""),
    "latin1",
  );

const isOnlyUsage = (value: unknown): boolean =>
  isRecord(value) && Array.isArray(value.choices) && value.choices.length === 0 && Boolean(value.usage);
