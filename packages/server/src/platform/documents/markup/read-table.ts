import { collectText } from "./collect-text.ts";
import { type DomNode, isElement, visit } from "./dom.ts";

export type MarkupTable = {
  readonly caption: string;
  readonly rows: readonly (readonly string[])[];
  readonly headerRows: number;
  readonly hidden: readonly string[];
  /** Whether the table only arranges content: it has no header, and one row or one column. */
  readonly isLayout: boolean;
};
type Cell = { readonly text: string; readonly isHeader: boolean; readonly columns: number; readonly rows: number };
type Row = { readonly cells: Cell[]; readonly isHead: boolean };

/** As in the HTML standard. */
const [MOST_COLUMNS, MOST_ROWS] = [1_000, 65_534];

/** Reads a table without tables in it. `onCell` is called for each cell of the grid, so that a caller can limit them. */
export function readMarkupTable(table: DomNode, onCell: () => void): MarkupTable {
  const rows: Row[] = [];
  const hidden: string[] = [];
  let caption = "";
  let isInHead = false;
  const take = (node: DomNode) => {
    const collected = collectText(node);
    hidden.push(...collected.hidden);
    return collected.text;
  };
  visit(table, {
    enter(node) {
      if (!isElement(node)) return true;
      if (node.localName === "thead") isInHead = true;
      if (node.localName === "tr") rows.push({ cells: [], isHead: isInHead });
      if (node.localName === "caption") caption = take(node);
      const isCell = node.localName === "td" || node.localName === "th";
      if (isCell) rows.at(-1)?.cells.push(cellOf(node, take(node)));
      return !isCell && node.localName !== "caption";
    },
    leave(node) {
      if (isElement(node) && node.localName === "thead") isInHead = false;
    },
  });
  const grid = spread(rows, onCell);
  const hasHeader = rows.some(({ cells, isHead }) => isHead || cells.some(({ isHeader }) => isHeader));
  const isLayout = !hasHeader && (grid.length < 2 || grid.every((cells) => cells.length < 2));
  return { caption, rows: grid, headerRows: countHeaderRows(rows), hidden, isLayout };
}

const cellOf = (node: DomNode, text: string): Cell => ({
  text,
  isHeader: node.localName === "th",
  columns: spanOf(node, "colspan", MOST_COLUMNS),
  rows: spanOf(node, "rowspan", MOST_ROWS),
});

function spanOf(node: DomNode, name: string, most: number): number {
  const span = Number.parseInt(node.getAttribute(name) ?? "1", 10);
  return span >= 1 ? Math.min(span, most) : 1;
}

/** The first rows that are in the head, or have only header cells. A table of header cells alone has one header row. */
function countHeaderRows(rows: readonly Row[]): number {
  const isHeader = ({ isHead, cells }: Row) => isHead || (cells.length > 0 && cells.every((cell) => cell.isHeader));
  const first = rows.findIndex((row) => !isHeader(row));
  return first === -1 ? Math.min(1, rows.length) : first;
}

/** Repeats the text of a cell in all columns and rows that it spans, so that each row can be read alone. */
function spread(rows: readonly Row[], onCell: () => void): string[][] {
  const below = new Map<number, { text: string; rows: number }>();
  return rows.map(({ cells }) => {
    const line: string[] = [];
    const put = (text: string) => {
      onCell();
      line.push(text);
    };
    const putFromAbove = () => {
      for (let above = below.get(line.length); above; above = below.get(line.length)) {
        if (above.rows === 1) below.delete(line.length);
        else above.rows -= 1;
        put(above.text);
      }
    };
    for (const cell of cells) {
      putFromAbove();
      for (let column = 0; column < cell.columns; column++) {
        if (cell.rows > 1) below.set(line.length, { text: cell.text, rows: cell.rows - 1 });
        put(cell.text);
      }
    }
    putFromAbove();
    return line;
  });
}
