import { isObject, type Row } from "../files/row.ts";
import { readBeside, writeBeside } from "./beside.ts";
import { looksLikeMessages, readMessages } from "./messages.ts";
import type { Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["input", "expectedOutput", "expected_output"]);

/** A list of messages is the item's messages; any value that is no object is its `input`. */
function inputsOf(input: unknown): Row {
  if (Array.isArray(input) && looksLikeMessages(input)) return { messages: readMessages(input, "/input") };
  return isObject(input) ? input : { input: input ?? null };
}

function inputOf(inputs: Row): unknown {
  const keys = Object.keys(inputs);
  if (keys.length === 1 && keys[0] === "messages" && looksLikeMessages(inputs.messages)) return inputs.messages;
  const isBare =
    keys.length === 1 && keys[0] === "input" && !isObject(inputs.input) && !looksLikeMessages(inputs.input);
  return isBare ? inputs.input : inputs;
}

export const langfuse: Shape = {
  id: "langfuse",
  label: "Langfuse",
  description: "`input`, `expectedOutput` and `metadata`, as Langfuse exports the items of a dataset.",
  fits: (row) => "input" in row && ("expectedOutput" in row || "expected_output" in row),
  read(row) {
    const expected = row.expectedOutput ?? row.expected_output ?? null;
    return { ...readBeside(row, OWN), inputs: inputsOf(row.input), expected };
  },
  write: (item) => ({ input: inputOf(item.inputs), expectedOutput: item.expected, ...writeBeside(item) }),
};
