import type { ChatChunk, ToolCall } from "../../formats/hub/hub.ts";
import { numberOf, parseJson } from "../../formats/hub/json.ts";

type OpenCall = { id: string; isNamed: boolean; json: string; readonly uniqueIndex: number };
/** For one choice: the calls by their `index`, the indexes in use, and the next free index. */
type Calls = { readonly at: Map<number, OpenCall>; readonly taken: Set<number>; next: number };
type Choice = ChatChunk["choices"][number];

/**
 * Gives each tool call of a stream its own index. In OpenAI's format all deltas of a call have one `index`. Some servers, such as
 * Google's, give all parallel calls the index 0 or none. A delta begins another call if its id differs. Without ids, it begins
 * another call if it has a name and the previous call is complete.
 */
export function createCallIndexes() {
  const choices = new Map<number, Calls>();

  function indexOf(choice: number, call: ToolCall, position: number): number {
    const calls = choices.get(choice) ?? { at: new Map<number, OpenCall>(), taken: new Set<number>(), next: 0 };
    choices.set(choice, calls);
    const { at, taken } = calls;
    const index = numberOf(call.index) ?? position;
    let open = at.get(index);
    if (!open || isAnother(open, call)) {
      const uniqueIndex = taken.has(index) ? calls.next : index;
      open = { id: "", isNamed: false, json: "", uniqueIndex };
      at.set(index, open);
      taken.add(uniqueIndex);
      calls.next = Math.max(calls.next, uniqueIndex + 1);
    }
    open.id ||= call.id ?? "";
    open.isNamed ||= Boolean(call.function.name);
    open.json += call.function.arguments ?? "";
    return open.uniqueIndex;
  }
  const withUniqueIndexes = (choice: Choice): Choice => ({
    ...choice,
    delta: {
      ...choice.delta,
      tool_calls: choice.delta.tool_calls?.map((call, position) => ({
        ...call,
        index: indexOf(choice.index, call, position),
      })),
    },
  });
  const hasCalls = ({ delta }: Choice) => delta.tool_calls !== undefined && delta.tool_calls.length > 0;

  return (chunk: ChatChunk): ChatChunk =>
    chunk.choices.some(hasCalls)
      ? { ...chunk, choices: chunk.choices.map((choice) => (hasCalls(choice) ? withUniqueIndexes(choice) : choice)) }
      : chunk;
}

function isAnother(open: OpenCall, { id, function: { name, arguments: json } }: ToolCall): boolean {
  if (!name) return false;
  if (id) return open.id !== "" && open.id !== id;
  return open.id === "" && open.isNamed && Boolean(json) && parseJson(open.json) !== undefined;
}
