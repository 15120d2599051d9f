import type { DatasetStats, ItemRow } from "@treadle/contract";
import { TextCell } from "../../components/cells.tsx";
import { formatCount } from "../../components/format.ts";
import type { Sort } from "../../components/table-header.tsx";
import type { Column } from "../../components/table-layout.ts";
import { expectedText, inputText, sourceWords } from "../to-dataset/index.ts";

/** How the order of the items themselves is named among the orders. */
const OWN_ORDER = "position";

/** `-split` is the largest first. */
export function readSort(sort: string | undefined): Sort {
  if (!sort) return { order: OWN_ORDER, direction: "asc" };
  return sort.startsWith("-") ? { order: sort.slice(1), direction: "desc" } : { order: sort, direction: "asc" };
}

export const writeSort = ({ order, direction }: Sort): string | undefined =>
  order === OWN_ORDER ? undefined : direction === "desc" ? `-${order}` : order;

/** More fields than this are found by filters and in the open item, not in the list of columns. */
const MOST_FIELDS = 60;
const FEW_INPUTS = 3;
const FEW_METADATA = 2;

/** The columns of a dataset: what goes in and should come out, and one for each field that its items have. */
export function columnsFor(stats: DatasetStats | undefined): readonly Column<ItemRow>[] {
  const fields = (stats?.fields ?? []).slice(0, MOST_FIELDS);
  const inputs = fields.filter(({ field }) => field.startsWith("inputs."));
  // Those that most items have come first, and are the ones shown.
  const metadata = fields
    .filter(({ field }) => field.startsWith("metadata."))
    .toSorted((first, second) => second.rows - first.rows);
  // A conversation reads as its last question; a few plain fields read better side by side.
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

/** The value that a path such as `metadata.topic` leads to; a key may itself hold dots. */
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
