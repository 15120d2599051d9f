import { isObject } from "../files/row.ts";
import { readId, readSource, readSplit } from "./beside.ts";
import { refuse, type Shape } from "./shape.ts";

export const treadle: Shape = {
  id: "treadle",
  label: "Treadle",
  description: "Everything of an item as it is: id, inputs, expected, metadata, split and source.",
  fits: (row) => isObject(row.inputs) && !("outputs" in row) && !("output" in row),
  read(row) {
    const { inputs, expected = null } = row;
    const metadata = row.metadata ?? {};
    if (!isObject(inputs)) return refuse("/inputs", 'It is not an object. Write {"inputs": {"question": …}}.');
    if (!isObject(metadata)) return refuse("/metadata", "It is not an object.");
    const itemId = readId(row.id ?? row.itemId, "/id");
    const source = readSource(row.source);
    return { itemId, inputs, expected, metadata, split: readSplit(row.split, "/split"), ...(source && { source }) };
  },
  passes([first, ...inner]) {
    if (first === "id" || first === "itemId") return inner.length === 0 ? "id" : null;
    return first === "inputs" || first === "expected" || first === "metadata" ? "as-is" : null;
  },
  write: ({ itemId, inputs, expected, metadata, split, source }) => ({
    id: itemId,
    inputs,
    expected,
    metadata,
    ...(split !== null && { split }),
    source,
  }),
};
