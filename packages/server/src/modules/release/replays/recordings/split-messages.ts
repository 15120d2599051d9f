import type { RecordedCall } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";

export type Message = Readonly<Record<string, unknown>>;
/** A call of a tool with the id that its result refers to. */
export type Call = RecordedCall & { readonly id: string };
export type Step = { readonly calls: readonly Call[] };

/** The messages that a model answered first, and the calls of tools that it made since then. */
export type SplitMessages = { readonly start: readonly Message[]; readonly steps: readonly Step[] };

/** Splits a conversation after its last message that is neither the model's nor a tool's. */
export function splitMessages(messages: readonly Message[]): SplitMessages {
  const last = messages.findLastIndex(({ role }) => role !== "assistant" && role !== "tool");
  const steps = last === -1 ? null : stepsOf(messages.slice(last + 1));
  return steps === null ? { start: messages, steps: [] } : { start: messages.slice(0, last + 1), steps };
}

/** Null if the messages are anything else than calls of tools and their results. */
function stepsOf(messages: readonly Message[]): Step[] | null {
  const steps: Step[] = [];
  for (let at = 0; at < messages.length; ) {
    const calls = callsOf(messages[at]);
    if (calls.length === 0) return null;
    const until = messages.findIndex(({ role }, place) => place > at && role !== "tool");
    const results = messages.slice(at + 1, until === -1 ? messages.length : until);
    steps.push({ calls: calls.map((call, place) => ({ ...call, result: resultOf(call, results, place) })) });
    at += 1 + results.length;
  }
  return steps;
}

/** The calls of tools in a message of the model, without results. */
export function callsOf(message: Message | undefined): Call[] {
  if (message?.role !== "assistant" || !Array.isArray(message.tool_calls)) return [];
  return message.tool_calls.flatMap((call) =>
    isRecord(call) && isRecord(call.function) && typeof call.function.name === "string"
      ? [
          {
            id: typeof call.id === "string" ? call.id : "",
            name: call.function.name,
            arguments: readArguments(call.function.arguments),
            result: null,
          },
        ]
      : [],
  );
}

function readArguments(given: unknown): unknown {
  if (typeof given !== "string") return given ?? {};
  try {
    return given.trim() === "" ? {} : JSON.parse(given);
  } catch {
    return given;
  }
}

/** The result with the id of the call. Senders without ids give the results in the order of the calls. */
function resultOf({ id }: Call, results: readonly Message[], place: number): string | null {
  const own = id === "" ? results[place] : results.find((message) => message.tool_call_id === id);
  if (!own) return null;
  return typeof own.content === "string" ? own.content : JSON.stringify(own.content ?? null);
}
