import type { ChatChunk, ToolCall } from "../providers/provider.ts";
import { numberOf, parseJson } from "./json.ts";

type Known = { id: string; isNamed: boolean; json: string; readonly place: number };
/** Of one choice: the calls by their `index`, the places that are taken, and the one behind them. */
type Calls = { readonly at: Map<number, Known>; readonly taken: Set<number>; next: number };
type Choice = ChatChunk["choices"][number];

/**
 * Gives each tool call of a stream a place of its own. In OpenAI's format the pieces of a call have one `index`; some servers, Google's among them, put all parallel
 * calls at 0, or leave it out. A piece begins another call when its id is another one, or, where there are no ids, when it has a name and the call before it is whole.
 */
export function createCallPlaces() {
  const choices = new Map<number, Calls>();

  function placeOf(choice: number, call: ToolCall, position: number): number {
    const calls = choices.get(choice) ?? { at: new Map<number, Known>(), taken: new Set<number>(), next: 0 };
    choices.set(choice, calls);
    const { at, taken } = calls;
    const index = numberOf(call.index) ?? position;
    let known = at.get(index);
    if (!known || isAnother(known, call)) {
      const place = taken.has(index) ? calls.next : index;
      known = { id: "", isNamed: false, json: "", place };
      at.set(index, known);
      taken.add(place);
      calls.next = Math.max(calls.next, place + 1);
    }
    known.id ||= call.id ?? "";
    known.isNamed ||= Boolean(call.function.name);
    known.json += call.function.arguments ?? "";
    return known.place;
  }
  const withPlaces = (choice: Choice): Choice => ({
    ...choice,
    delta: {
      ...choice.delta,
      tool_calls: choice.delta.tool_calls?.map((call, position) => ({
        ...call,
        index: placeOf(choice.index, call, position),
      })),
    },
  });
  const hasCalls = ({ delta }: Choice) => delta.tool_calls !== undefined && delta.tool_calls.length > 0;

  return (chunk: ChatChunk): ChatChunk =>
    chunk.choices.some(hasCalls)
      ? { ...chunk, choices: chunk.choices.map((choice) => (hasCalls(choice) ? withPlaces(choice) : choice)) }
      : chunk;
}

function isAnother(known: Known, { id, function: { name, arguments: json } }: ToolCall): boolean {
  if (!name) return false;
  if (id) return known.id !== "" && known.id !== id;
  return known.id === "" && known.isNamed && Boolean(json) && parseJson(known.json) !== undefined;
}
