import { type Message, messagesOf } from "../content/messages.ts";

/** A call of a model as far as a conversation needs it. */
export type Call = { readonly spanId: string; readonly input: unknown; readonly output: unknown };
/** One call's part of the conversation: what was new in what it was sent, and what it answered. */
export type Turn = {
  readonly spanId: string;
  /** Which of several conversations in one trace this belongs to, from 0. */
  readonly thread: number;
  readonly messages: readonly { readonly message: Message; readonly isAnswer: boolean }[];
  /** The number of repeated messages in its input. */
  readonly repeated: number;
};

type Thread = { readonly said: Map<string, number>; readonly first: string | undefined };

/**
 * The messages in order, each once. Each call receives the whole conversation so far, so only the messages that are new
 * in the conversation are shown. Calls with another beginning (another agent, a separate step) are separate
 * conversations.
 */
export function conversationOf(calls: readonly Call[]): readonly Turn[] {
  const threads: Thread[] = [];
  return calls.map((call) => {
    const input = messagesIn(call.input, "user");
    const keys = input.map(keyOf);
    const index = threadOf(threads, input, keys);
    const { said } = threads[index] ?? { said: new Map() };
    const heard = new Map<string, number>();
    const news = input.filter((_, at) => {
      const key = keys[at] ?? "";
      const times = (heard.get(key) ?? 0) + 1;
      heard.set(key, times);
      return times > (said.get(key) ?? 0);
    });
    for (const [key, times] of heard) said.set(key, Math.max(times, said.get(key) ?? 0));
    const answers = messagesIn(call.output, "assistant");
    for (const key of answers.map(keyOf)) said.set(key, (said.get(key) ?? 0) + 1);
    return {
      spanId: call.spanId,
      thread: index,
      messages: [
        ...news.map((message) => ({ message, isAnswer: false })),
        ...answers.map((message) => ({ message, isAnswer: true })),
      ],
      repeated: input.length - news.length,
    };
  });
}

/** The conversation with the same beginning: the same instructions, and a common message. */
function threadOf(threads: Thread[], input: readonly Message[], keys: readonly string[]): number {
  const firstSaid = input.findIndex(({ role }) => role !== "system" && role !== "developer");
  const key = keys[firstSaid];
  const known = threads.findIndex(({ said, first }) => first === instructionsOf(input, keys) && said.has(key ?? ""));
  if (known >= 0) return known;
  threads.push({ said: new Map(), first: instructionsOf(input, keys) });
  return threads.length - 1;
}

const instructionsOf = (input: readonly Message[], keys: readonly string[]): string | undefined => {
  const role = input[0]?.role;
  return role === "system" || role === "developer" ? keys[0] : undefined;
};

function messagesIn(value: unknown, role: string): readonly Message[] {
  const messages = messagesOf(value);
  if (messages) return messages;
  if (value === null || value === undefined || value === "") return [];
  const part =
    typeof value === "string" ? ({ kind: "text", text: value } as const) : ({ kind: "other", value } as const);
  return [{ role, finish: "", parts: [part] }];
}

/** The same for a message however it was written down: an answer comes back in the next call without its ids and its reason to end. */
function keyOf({ role, parts }: Message): string {
  const said = parts
    .filter((part) => part.kind !== "reasoning")
    .map((part) => {
      if (part.kind === "call") return ["call", part.name, part.arguments];
      if (part.kind === "result") return ["result", part.result];
      return part.kind === "text" ? part.text : part;
    });
  return JSON.stringify([role, said]);
}
