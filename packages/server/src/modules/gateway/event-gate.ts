/** Whole events: all that came, and what of them the caller sees. Empty while an event is not whole yet. */
type Passed = { readonly events: Buffer; readonly shown: Buffer };

const NOTHING = Buffer.alloc(0);
const NONE: Passed = { events: NOTHING, shown: NOTHING };
/** No provider sends a longer event; one that does is out to fill our memory. */
const LONGEST_EVENT_BYTES = 32 * 1024 * 1024;

/** An event's data that is no JSON object and not `[DONE]`, or that does not end like one. */
const SUSPICIOUS = /(?:^|\n)data:(?: ?(?!\[DONE\]|\{)[^\r\n]|[^\r\n]*[^}\]\s] *\r?\n)/;
/** The first piece of text, thought or arguments, in any of the wires that pass through. */
const TOKEN = /"(?:content|text|reasoning_content|reasoning|thinking|partial_json|arguments|delta)": ?"[^"]/;
const NO_CHOICES = /"choices": ?\[\]/;
const LAST_EVENT = {
  openai: /(?:^|\n)data: ?\[DONE\]/,
  anthropic: /"type": ?"message_stop"/,
  responses: /"type": ?"response\.(?:completed|incomplete|failed)"/,
} as const;
export type StreamFormat = keyof typeof LAST_EVENT;

/**
 * Lets a provider's events through to the caller, whole ones only: half an event in front of a broken connection would be
 * read as a broken answer. Bytes stay as they came, unless the usage that only we asked for is to be left out.
 */
export function createEventGate({ format, hidesUsage }: { format: StreamFormat; hidesUsage: boolean }) {
  let held: Buffer = NOTHING;
  const state = {
    /** Set once an event cannot be read; nothing after it passes. */
    problem: null as string | null,
    hasToken: false,
    /** The event that ends such a stream has passed. */
    isWhole: false,
  };

  function judge(events: Buffer): Passed {
    const text = events.toString("latin1");
    const broken = SUSPICIOUS.test(text) ? findBroken(text) : null;
    if (broken !== null) {
      state.problem = "The provider sent an event that is not a JSON object.";
      const good = events.subarray(0, broken);
      return { events: good, shown: good };
    }
    if (!state.hasToken) state.hasToken = TOKEN.test(text);
    if (LAST_EVENT[format].test(text)) state.isWhole = true;
    return { events, shown: hidesUsage && NO_CHOICES.test(text) ? Buffer.from(withoutUsage(text), "latin1") : events };
  }

  return {
    state,
    push(chunk: Buffer): Passed {
      if (state.problem !== null) return NONE;
      const bytes = held.length === 0 ? chunk : Buffer.concat([held, chunk]);
      const end = endOfEvents(bytes);
      held = end === bytes.length ? NOTHING : bytes.subarray(end);
      if (held.length > LONGEST_EVENT_BYTES) state.problem = "The provider sent an event of more than 32 MB.";
      return end === 0 ? NONE : judge(end === bytes.length ? bytes : bytes.subarray(0, end));
    },
    /** At the end of the stream: a last event without its empty line, when it can be read. */
    flush(): Passed {
      if (state.problem !== null || held.length === 0) return NONE;
      const last = Buffer.concat([held, Buffer.from("\n\n")]);
      held = NOTHING;
      return judge(last);
    },
  };
}

/** Just behind the last empty line. */
function endOfEvents(bytes: Buffer): number {
  const last = bytes.length - 1;
  if (bytes[last] === 0x0a && (bytes[last - 1] === 0x0a || (bytes[last - 1] === 0x0d && bytes[last - 2] === 0x0a)))
    return bytes.length;
  const plain = bytes.lastIndexOf("\n\n");
  const returns = bytes.lastIndexOf("\r\n\r\n");
  return Math.max(plain === -1 ? 0 : plain + 2, returns === -1 ? 0 : returns + 4);
}

/** Each event with the empty line behind it. */
const split = (text: string): string[] => text.match(/[\s\S]*?(?:\r?\n\r?\n|$)/g)?.filter(Boolean) ?? [];

const dataOf = (event: string): string =>
  event
    .split(/\r?\n/)
    .filter((line) => line.startsWith("data:"))
    .map((line) => line.slice(5).trimStart())
    .join("\n");

/** Where the first event begins that holds neither JSON nor `[DONE]`; null when there is none. */
function findBroken(text: string): number | null {
  let at = 0;
  for (const event of split(text)) {
    const data = dataOf(event);
    if (data !== "" && data !== "[DONE]" && !isJson(data)) return at;
    at += event.length;
  }
  return null;
}

// Every byte is one character here; those above 127 only stand inside strings, where JSON takes any of them.
function isJson(text: string): boolean {
  try {
    return JSON.parse(text) !== undefined;
  } catch {
    return false;
  }
}

function withoutUsage(text: string): string {
  return split(text)
    .filter((event) => {
      const data = dataOf(event);
      if (!NO_CHOICES.test(data)) return true;
      const chunk: { choices?: unknown[]; usage?: unknown } = JSON.parse(data);
      return !(Array.isArray(chunk.choices) && chunk.choices.length === 0 && chunk.usage);
    })
    .join("");
}
