import { isRecord } from "../../../../kernel/is-record.ts";
import { parseJson } from "../files/parse-row.ts";
import type { Row } from "../files/row.ts";
import { refuse } from "./shape.ts";

type Call = { readonly id: string; readonly type: "function"; readonly function: Row };

/** The calls of a turn: an object of name and arguments, or a list of them, as JSON in its text. */
export function readCalls(value: string, { pointer, nextId }: { pointer: string; nextId: () => string }): Call[] {
  const parsed = parse(value);
  const list = Array.isArray(parsed) ? parsed : [parsed];
  if (list.length === 0) return refuse(pointer, "It contains no tool call.");
  return list.map((call) => {
    if (!isRecord(call) || typeof call.name !== "string")
      return refuse(pointer, 'It is not a tool call. Write {"name": …, "arguments": {…}} as JSON.');
    const { id, name, arguments: given = {} } = call;
    const next = nextId();
    const text = typeof given === "string" ? given : JSON.stringify(given);
    return { id: typeof id === "string" ? id : next, type: "function", function: { name, arguments: text } };
  });
}

const parse = (text: string): unknown => parseJson(Buffer.from(text)).value;

/** Calls as the text of a turn. Ids are written only where reading would not give them again, arguments as they were. */
export function writeCalls(calls: readonly unknown[], nextId: () => string): { value: string; ids: string[] } {
  const ids: string[] = [];
  const written = calls.map((call) => {
    if (!isRecord(call) || !isRecord(call.function)) return refuse("/inputs/messages", "A tool call has no function.");
    const { name, arguments: text = "{}" } = call.function;
    const next = nextId();
    const id = typeof call.id === "string" ? call.id : next;
    ids.push(id);
    const given = typeof text === "string" ? parse(text) : text;
    const isSame = isRecord(given) && JSON.stringify(given) === text;
    return { name, arguments: isSame ? given : text, ...(id !== next && { id }) };
  });
  const [only] = written;
  return { value: JSON.stringify(written.length === 1 ? only : written), ids };
}
