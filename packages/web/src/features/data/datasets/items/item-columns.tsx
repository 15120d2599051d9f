import type { DatasetStats, ItemRow } from "@treadle/contract";
import { TextCell } from "../../../../components/table/cells.tsx";
import type { Sort } from "../../../../components/table/table-header.tsx";
import type { Column } from "../../../../components/table/table-layout.ts";
import { formatCount } from "../../../../components/text/format.ts";
import { expectedText, inputText, sourceWords } from "../../to-dataset/index.ts";

/** The name of the items' own order. */
const OWN_ORDER = "position";

/** `-split` sorts in descending order. */
export function readSort(sort: string | undefined): Sort {
  if (!sort) return { order: OWN_ORDER, direction: "asc" };
  return sort.startsWith("-") ? { order: sort.slice(1), direction: "desc" } : { order: sort, direction: "asc" };
}

export const writeSort = ({ order, direction }: Sort): string | undefined =>
  order === OWN_ORDER ? undefined : direction === "desc" ? `-${order}` : order;

/** Fields beyond this number are available in filters and in the open item only. */
const MOST_FIELDS = 60;
const FEW_INPUTS = 3;
const FEW_METADATA = 2;

/** The columns of a dataset: input and expected, and one for each field of its items. */
export function columnsFor(stats: DatasetStats | undefined): readonly Column<ItemRow>[] {
  const fields = (stats?.fields ?? []).slice(0, MOST_FIELDS);
  const inputs = fields.filter(({ field }) => field.startsWith("inputs."));
  // The most common fields come first and are shown by default.
  const metadata = fields
    .filter(({ field }) => field.startsWith("metadata."))
    .toSorted((first, second) => second.rows - first.rows);
  // A conversation shows its last question; a few plain fields get one column each.
  const isPlain =
    inputs.length > 1 &&
    inputs.length <= FEW_INPUTS &&
    inputs.every(({ type }) => type === "string" || type === "number" || type === "boolean");
  const [only] = inputs;
  return [
    {
      id: "position",
      header: "#",
      width: 56,
      isNumber: true,
      order: OWN_ORDER,
      cell: ({ position }) => <span className="text-muted">{formatCount(position + 1)}</span>,
    },
    {
      id: "input",
      header: inputs.length === 1 && only ? nameOf(only.field) : "Input",
      width: 340,
      isStretched: true,
      isExtra: isPlain,
      ...(inputs.length === 1 && only?.type === "string" && { order: only.field }),
      cell: ({ inputs: values }) => <TextCell text={inputText(values)} />,
    },
    ...(inputs.length > 1 ? inputs.map((field) => fieldColumn(field, !isPlain, true)) : []),
    {
      id: "expected",
      header: "Expected",
      width: 240,
      isStretched: true,
      order: "expected",
      cell: ({ expected }) => <TextCell text={expectedText(expected)} />,
    },
    ...metadata.map((field, place) => fieldColumn(field, place >= FEW_METADATA, false)),
    { id: "split", header: "Split", width: 92, order: "split", cell: ({ split }) => <TextCell text={split ?? ""} /> },
    {
      id: "source",
      header: "Source",
      width: 120,
      order: "source",
      cell: ({ source }) => <TextCell text={sourceWords(source)} isMuted />,
    },
    {
      id: "itemId",
      header: "Id",
      width: 190,
      isExtra: true,
      cell: ({ itemId }) => <code className="truncate text-xs text-muted">{itemId}</code>,
    },
  ];
}

type Field = DatasetStats["fields"][number];

function fieldColumn({ field, type }: Field, isExtra: boolean, isStretched: boolean): Column<ItemRow> {
  const isNumber = type === "number";
  return {
    id: field,
    header: nameOf(field),
    width: isStretched ? 240 : 110,
    isExtra,
    isStretched: isStretched && !isNumber,
    isNumber,
    order: field,
    cell: (row) => <ValueCell value={valueAt(row, field)} />,
  };
}

const nameOf = (field: string) => field.slice(field.indexOf(".") + 1);

/** The value at a path such as `metadata.topic`. A key may contain dots. */
export function valueAt(row: Pick<ItemRow, "inputs" | "metadata" | "expected">, field: string): unknown {
  const dot = field.indexOf(".");
  const place = dot < 0 ? field : field.slice(0, dot);
  const rest = dot < 0 ? "" : field.slice(dot + 1);
  const root: unknown = place === "inputs" ? row.inputs : place === "metadata" ? row.metadata : row.expected;
  return rest === "" ? root : within(root, rest);
}

function within(value: unknown, path: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  const entries: Readonly<Record<string, unknown>> = { ...value };
  if (path in entries) return entries[path];
  const dot = path.indexOf(".");
  return dot < 0 ? undefined : within(entries[path.slice(0, dot)], path.slice(dot + 1));
}

function ValueCell({ value }: { value: unknown }) {
  if (value === undefined || value === null) return <TextCell text="" />;
  if (typeof value === "number") return <span>{value}</span>;
  return <TextCell text={typeof value === "string" ? value : JSON.stringify(value)} />;
}
