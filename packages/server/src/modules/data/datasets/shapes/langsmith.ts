import { isRecord } from "../../../../kernel/is-record.ts";
import type { Row } from "../files/row.ts";
import { readExtraFields, readSplit, writeExtraFields } from "./extra-fields.ts";
import { jsonIn } from "./json-cell.ts";
import { refuse, type Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["inputs", "outputs"]);

/** Outputs of the one key `output` are the expected value itself. */
function expectedOf(outputs: unknown): unknown {
  if (outputs === null || outputs === undefined) return null;
  if (!isRecord(outputs)) return refuse("/outputs", "It is not an object.");
  return isOnlyOutput(outputs) ? outputs.output : outputs;
}
const isOnlyOutput = (outputs: Row) => Object.keys(outputs).length === 1 && "output" in outputs;

function outputsOf(expected: unknown): Row | null {
  if (expected === null) return null;
  return isRecord(expected) && !isOnlyOutput(expected) ? expected : { output: expected };
}

/** LangSmith puts every example into this split, with or without others. */
const BASE_SPLIT = "base";
const SPLIT_KEY = "dataset_split";

type Split = { readonly split: string | null; readonly metadata: Row };

/**
 * LangSmith lists the splits of an example in its metadata. An item has one: the first that is not `base`. When an example is in several,
 * the list stays in the metadata.
 */
function takeSplit(metadata: Row): Split {
  const { [SPLIT_KEY]: given, ...rest } = metadata;
  const listed = jsonIn(given);
  const names = (Array.isArray(listed) ? listed : [listed]).filter((name) => name !== null && name !== undefined);
  const chosen = names.find((name) => name !== BASE_SPLIT) ?? names[0];
  if (chosen === undefined) return { split: null, metadata };
  const split = readSplit(chosen, `/metadata/${SPLIT_KEY}`);
  return { split, metadata: names.length === 1 ? rest : { ...rest, [SPLIT_KEY]: names } };
}

const hasSplit = (row: Row) => {
  const metadata = jsonIn(row.metadata);
  return SPLIT_KEY in row || (isRecord(metadata) && SPLIT_KEY in metadata);
};

export const langsmith: Shape = {
  id: "langsmith",
  label: "LangSmith",
  description: "`inputs`, `outputs` and `metadata`, as in a LangSmith dataset export.",
  fits: (row) => isRecord(jsonIn(row.inputs)) && ("outputs" in row || hasSplit(row)) && !("expectations" in row),
  read(row) {
    const inputs = jsonIn(row.inputs);
    if (!isRecord(inputs)) return refuse("/inputs", "It is not an object.");
    const { split, metadata, itemId } = readExtraFields({ ...row, metadata: jsonIn(row.metadata) }, OWN);
    const expected = expectedOf(jsonIn(row.outputs));
    const splitAndMetadata = split === null ? takeSplit(metadata) : { split, metadata };
    return { itemId, inputs, expected, ...splitAndMetadata };
  },
  write(item) {
    const { split, ...extra } = writeExtraFields(item);
    const listed = item.metadata[SPLIT_KEY];
    const names = Array.isArray(listed) && listed.includes(split) ? listed : [split];
    const metadata = { ...item.metadata, ...(split !== undefined && { [SPLIT_KEY]: names }) };
    const hasMetadata = Object.keys(metadata).length > 0;
    return { inputs: item.inputs, outputs: outputsOf(item.expected), ...extra, ...(hasMetadata && { metadata }) };
  },
};
