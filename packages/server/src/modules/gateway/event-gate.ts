import type { StreamEvent } from "./providers/provider.ts";
import { createTokenRun } from "./token-run.ts";
import { isRecord, parseJson } from "./wires/json.ts";
import { createEventReader, isEmptyOrDone } from "./wires/server-events.ts";

/** Whole events: what they say to who reads along, a run of tokens when it ends, and the bytes that the caller sees. */
type Passed = { readonly events: readonly StreamEvent[]; readonly shown: Buffer };

const NOTHING = Buffer.alloc(0);
const NO_EVENTS: readonly StreamEvent[] = [];
const NONE: Passed = { events: NO_EVENTS, shown: NOTHING };
/** No provider sends a longer event; one that does is out to fill our memory. */
const LONGEST_EVENT_BYTES = 32 * 1024 * 1024;

/** An empty line is at most so long, less the byte that makes it one. */
const SEAM_BYTES = 3;
const EMPTY_LINE = Buffer.from("\n\n");
const EMPTY_LINE_WITH_RETURNS = Buffer.from("\r\n\r\n");
/** The first piece of text, thought or arguments, in any of the wires that pass through. */
const TOKEN = /"(?:content|text|reasoning_content|reasoning|thinking|partial_json|arguments|delta)": ?"[^"]/;
const LAST_EVENT = {
  openai: new Set<unknown>(),
  anthropic: new Set<unknown>(["message_stop"]),
  responses: new Set<unknown>(["response.completed", "response.incomplete", "response.failed"]),
};
export type StreamFormat = keyof typeof LAST_EVENT;

/**
 * Lets a provider's events through to the caller, whole ones only: half an event in front of a broken connection would be
 * read as a broken answer. Bytes stay as they came, unless the usage that only we asked for is to be left out.
 */
export function createEventGate({ format, hidesUsage }: { format: StreamFormat; hidesUsage: boolean }) {
  // An event is parsed once, to see whether the caller can read it and for those who read along, or is like one that was.
  const reader = createEventReader();
  const run = createTokenRun();
  let held: Buffer[] = [];
  let heldBytes = 0;
  let tail: Buffer = NOTHING;
  const state = {
    /** Set once an event cannot be read; nothing after it passes. */
    problem: null as string | null,
    hasToken: false,
    /** The event that ends such a stream has passed. */
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
    held.push(bytes);
    heldBytes += bytes.length;
    tail = Buffer.concat([tail, bytes.subarray(-SEAM_BYTES)]).subarray(-SEAM_BYTES);
    if (heldBytes > LONGEST_EVENT_BYTES) state.problem = "The provider sent an event of more than 32 MB.";
    return NONE;
  }
  function release(last: Buffer): Buffer {
    if (heldBytes === 0) return last;
    const whole = Buffer.concat([...held, last]);
    held = [];
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
    /** At the end of the stream: a last event without its empty line, when it can be read. */
    flush(): Passed {
      if (state.problem !== null || heldBytes === 0) return NONE;
      return judge(release(EMPTY_LINE));
    },
    /** What has passed and not been given yet: a run of tokens is given when it ends. */
    unread: () => run.release(),
  };
}

/** Just behind the last empty line; 0 when there is none. */
function endOfEvents(bytes: Buffer): number {
  const last = bytes.length - 1;
  if (bytes[last] === 0x0a && (bytes[last - 1] === 0x0a || (bytes[last - 1] === 0x0d && bytes[last - 2] === 0x0a)))
    return bytes.length;
  const plain = bytes.lastIndexOf(EMPTY_LINE);
  const returns = bytes.lastIndexOf(EMPTY_LINE_WITH_RETURNS);
  return Math.max(plain === -1 ? 0 : plain + 2, returns === -1 ? 0 : returns + 4);
}

/** The same for an empty line that began in what is held: all of that is not looked at again for every piece of a long event. */
function endAtSeam(tail: Buffer, chunk: Buffer): number {
  if (tail.length === 0) return 0;
  return Math.max(0, endOfEvents(Buffer.concat([tail, chunk.subarray(0, SEAM_BYTES)])) - tail.length);
}

// Every byte is one character here, so that places are the bytes' own; those above 127 only stand inside JSON's strings.
/** Each event with the empty line behind it. */
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

/** Where the first event begins that holds neither JSON nor `[DONE]`. */
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
