import type { RecordedCall, Recording } from "@treadle/contract";
import { isRecord } from "../../../../kernel/is-record.ts";
import { storableJson } from "../stores/storable.ts";

/** A call of a tool in an answer. */
export type ToolCall = { readonly id: string; readonly name: string; readonly arguments: unknown };

/** The calls of tools in an answer's message. */
export function toolCallsOf(message: unknown): ToolCall[] {
  if (!isRecord(message) || !Array.isArray(message.tool_calls)) return [];
  return message.tool_calls.flatMap((call) =>
    isRecord(call) && isRecord(call.function) && typeof call.function.name === "string"
      ? [{ id: String(call.id ?? ""), name: call.function.name, arguments: call.function.arguments ?? {} }]
      : [],
  );
}

/** The same text for the same tool and arguments, whatever the order and the spaces of the arguments. */
export const callKey = ({ name, arguments: given }: Pick<ToolCall, "name" | "arguments">): string =>
  storableJson([name, sorted(parsed(given))]);

/** Arguments that are no JSON are compared as text. No arguments are the same as an empty object. */
function parsed(given: unknown): unknown {
  if (typeof given !== "string") return given ?? {};
  if (given.trim() === "") return {};
  try {
    return JSON.parse(given) ?? {};
  } catch {
    return given;
  }
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.keys(value)
      .sort()
      .map((key) => [key, sorted(value[key])]),
  );
}

/**
 * `ended`: the recording ends with this call. `diverged`: it does not have this call, or, if `isKnown`, it has the call
 * without its result. `call` counts the calls of the whole item, from 1.
 */
export type Frozen =
  | { readonly kind: "results"; readonly results: readonly string[] }
  | { readonly kind: "ended" }
  | { readonly kind: "diverged"; readonly call: number; readonly tool: string; readonly isKnown: boolean };

/** Tools that return what was recorded. A call that was recorded twice gets its results in order. */
export function createRecordedTools({ steps }: Pick<Recording, "steps">) {
  const waiting = Map.groupBy(
    steps.flatMap(({ calls }) => calls),
    callKey,
  );
  const last = new Set(lastCallsOf(steps));
  let done = 0;

  return {
    /** The number of calls that got a result. */
    answered: () => done,

    /** The results of the calls of one answer, in their order. */
    call(calls: readonly ToolCall[]): Frozen {
      const results: string[] = [];
      let isEnded = false;
      for (const [place, call] of calls.entries()) {
        const recorded = waiting.get(callKey(call))?.shift();
        const diverged = { kind: "diverged", call: done + place + 1, tool: call.name } as const;
        if (!recorded) return { ...diverged, isKnown: false };
        if (recorded.result !== null) results.push(recorded.result);
        else if (last.has(recorded)) isEnded = true;
        else return { ...diverged, isKnown: true };
      }
      if (isEnded) return { kind: "ended" };
      done += calls.length;
      return { kind: "results", results };
    },
  };
}

/** The calls that the recording ends with: its last answer calls tools, and nothing follows. */
function lastCallsOf(steps: Recording["steps"]): readonly RecordedCall[] {
  const calls = steps.at(-1)?.calls ?? [];
  return calls.every(({ result }) => result === null) ? calls : [];
}

/** Counts the decisions that are the same as in the recording, until the first that is not: after it, the histories differ. */
export function createDecisions({ steps }: Pick<Recording, "steps">) {
  let [compared, same, isOnTrack] = [0, 0, true];
  return {
    counts: () => ({ decisions: compared, sameDecisions: same }),

    /** Compares the calls of the answer with this number, from 0, as a set. Answers without tools on both sides are no decision. */
    compare(step: number, calls: readonly ToolCall[]): void {
      const recorded = steps[step]?.calls ?? [];
      if (!isOnTrack || (recorded.length === 0 && calls.length === 0)) return;
      compared += 1;
      isOnTrack = keysOf(calls) === keysOf(recorded);
      if (isOnTrack) same += 1;
    },
  };
}

const keysOf = (calls: readonly Pick<ToolCall, "name" | "arguments">[]) => calls.map(callKey).sort().join("\n");
