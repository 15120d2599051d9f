import { isRecord } from "../../../../kernel/is-record.ts";
import type { Row } from "../files/row.ts";
import { readId, readSource, readSplit } from "./extra-fields.ts";
import { refuse, type Shape } from "./shape.ts";

/** Fields that only other products write next to `inputs`. */
const OTHERS = ["outputs", "output", "expectations", "dataset_split"];
const isOfLangsmith = ({ metadata, expected }: Row) =>
  expected === undefined && isRecord(metadata) && "dataset_split" in metadata;

export const treadle: Shape = {
  id: "treadle",
  label: "Treadle",
  description: "The complete item: id, inputs, expected, metadata, split and source.",
  fits: (row) => isRecord(row.inputs) && !OTHERS.some((key) => key in row) && !isOfLangsmith(row),
  read(row) {
    const { inputs, expected = null } = row;
    const metadata = row.metadata ?? {};
    if (!isRecord(inputs)) return refuse("/inputs", 'It is not an object. Write {"inputs": {"question": …}}.');
    if (!isRecord(metadata)) return refuse("/metadata", "It is not an object.");
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
