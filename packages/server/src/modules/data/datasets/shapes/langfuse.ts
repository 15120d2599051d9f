import { isRecord } from "../../../../kernel/is-record.ts";
import type { Row } from "../files/row.ts";
import { readExtraFields, writeExtraFields } from "./extra-fields.ts";
import { jsonInCell } from "./json-cell.ts";
import { looksLikeMessages, readMessages } from "./messages.ts";
import type { Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["input", "expectedOutput", "expected_output"]);
/** Values that Langfuse writes into CSV cells as JSON. */
const JSON_COLUMNS = [...OWN, "metadata"];
const ARCHIVED_FLAG = "archived";

/** A list of messages becomes the item's messages. Any other value that is not an object becomes its `input`. */
function inputsOf(input: unknown): Row {
  if (Array.isArray(input) && looksLikeMessages(input)) return { messages: readMessages(input, "/input") };
  return isRecord(input) ? input : { input: input ?? null };
}

function inputOf(inputs: Row): unknown {
  const keys = Object.keys(inputs);
  if (keys.length === 1 && keys[0] === "messages" && looksLikeMessages(inputs.messages)) return inputs.messages;
  const isBare =
    keys.length === 1 && keys[0] === "input" && !isRecord(inputs.input) && !looksLikeMessages(inputs.input);
  return isBare ? inputs.input : inputs;
}

const readCells = (row: Row): Row =>
  Object.fromEntries(
    Object.entries(row).map(([key, value]) => [key, JSON_COLUMNS.includes(key) ? jsonInCell(value) : value]),
  );

/** Langfuse no longer uses archived items. The flag distinguishes them from active items. */
function withArchived(metadata: Row): Row {
  if (typeof metadata.status !== "string" || metadata.status.toUpperCase() !== "ARCHIVED") return metadata;
  const flags = Array.isArray(metadata.flags) ? metadata.flags : [];
  return flags.includes(ARCHIVED_FLAG) ? metadata : { ...metadata, flags: [...flags, ARCHIVED_FLAG] };
}

export const langfuse: Shape = {
  id: "langfuse",
  label: "Langfuse",
  description: "`input`, `expectedOutput` and `metadata`, as in a Langfuse dataset export.",
  fits: (row) => "input" in row && ("expectedOutput" in row || "expected_output" in row),
  read(given, origin) {
    const row = origin?.isTable ? readCells(given) : given;
    const expected = row.expectedOutput ?? row.expected_output ?? null;
    const { metadata, ...extra } = readExtraFields(row, OWN);
    return { ...extra, metadata: withArchived(metadata), inputs: inputsOf(row.input), expected };
  },
  write: (item) => ({ input: inputOf(item.inputs), expectedOutput: item.expected, ...writeExtraFields(item) }),
};
