import { isObject, type Row } from "../files/row.ts";
import { readBeside, readSplit, writeBeside } from "./beside.ts";
import { refuse, type Shape } from "./shape.ts";

const OWN: ReadonlySet<string> = new Set(["inputs", "outputs"]);

/** Outputs of the one key `output` are the expected value itself. */
function expectedOf(outputs: unknown): unknown {
  if (outputs === null || outputs === undefined) return null;
  if (!isObject(outputs)) return refuse("/outputs", "It is not an object.");
  return isOnlyOutput(outputs) ? outputs.output : outputs;
}
const isOnlyOutput = (outputs: Row) => Object.keys(outputs).length === 1 && "output" in outputs;

function outputsOf(expected: unknown): Row | null {
  if (expected === null) return null;
  return isObject(expected) && !isOnlyOutput(expected) ? expected : { output: expected };
}

/** LangSmith keeps the split as a list within the metadata. */
function splitIn(metadata: Row): string | null {
  const { dataset_split: splits } = metadata;
  return Array.isArray(splits) && splits.length === 1 ? readSplit(splits[0], "/metadata/dataset_split/0") : null;
}

export const langsmith: Shape = {
  id: "langsmith",
  label: "LangSmith",
  description: "`inputs`, `outputs` and `metadata`, as LangSmith exports the examples of a dataset.",
  fits: (row) => isObject(row.inputs) && "outputs" in row,
  read(row) {
    if (!isObject(row.inputs)) return refuse("/inputs", "It is not an object.");
    const { split, metadata, itemId } = readBeside(row, OWN);
    const found = split ?? splitIn(metadata);
    const { dataset_split: _, ...others } = metadata;
    const rest = found !== null && split === null ? others : metadata;
    return { itemId, inputs: row.inputs, expected: expectedOf(row.outputs), metadata: rest, split: found };
  },
  write(item) {
    const { split, ...beside } = writeBeside(item);
    const metadata = { ...item.metadata, ...(split !== undefined && { dataset_split: [split] }) };
    const hasMetadata = Object.keys(metadata).length > 0;
    return { inputs: item.inputs, outputs: outputsOf(item.expected), ...beside, ...(hasMetadata && { metadata }) };
  },
};
