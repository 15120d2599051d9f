import type { Draft, Line, LinePart, TableRow } from "../page-parts.ts";

/** Lines further apart than this, in em, are separate rows even if the first cell is empty. */
const WRAP_PITCH = 1.5;
/** Cells of one column overlap by more than this, in points. */
const OVERLAP = 0.5;
/** A label of a list is no cell. */
const LABEL = /^(?:[•‣◦▪–—*·●○■-]|\(?(?:\d{1,3}|[a-z]|[ivx]{1,4})[.)])$/iu;
const FEWEST_CELLS = 6;

type Column = { start: number; end: number };

/** The table that starts at a line, with the number of lines it takes, or null. It has at least two columns, two rows and six cells. */
export function findTable(
  lines: readonly Line[],
  first: number,
): { readonly table: Draft; readonly count: number } | null {
  const columns: Column[] = [];
  const rows: { cells: string[]; lines: Line[] }[] = [];
  let index = first;
  for (; index < lines.length; index++) {
    const line = lines[index] as Line;
    if (line.region !== lines[first]?.region || line.isHidden !== lines[first]?.isHidden) break;
    const previous = rows.at(-1);
    const isWrap = previous !== undefined && isWrapOf(previous.lines, { line, next: lines[index + 1], columns });
    if (line.parts.length < 2 && !isWrap) break;
    const places = placeParts(partsOf(line), columns);
    if (places === null) break;
    if (isWrap) wrap(previous, line, places);
    else rows.push({ cells: cellsOf(line, places), lines: [line] });
  }
  return isTable(rows, columns) ? { table: toTable(rows, columns), count: index - first } : null;
}

const partsOf = (line: Line): readonly LinePart[] => (line.parts.length > 0 ? line.parts : [line]);

/** The column of each part, or null if a part reaches over two columns. New columns are added. */
function placeParts(parts: readonly LinePart[], columns: Column[]): readonly Column[] | null {
  const places = parts.map((part) => columns.filter((column) => overlaps(part, column)));
  const taken = places.flat();
  if (places.some((found) => found.length > 1) || new Set(taken).size < taken.length) return null;
  return parts.map((part, index) => {
    const column = places[index]?.[0];
    if (column === undefined) {
      const added = { start: part.start, end: part.end };
      columns.push(added);
      return added;
    }
    column.start = Math.min(column.start, part.start);
    column.end = Math.max(column.end, part.end);
    return column;
  });
}

const overlaps = (part: Column, column: Column) =>
  Math.min(part.end, column.end) - Math.max(part.start, column.start) > OVERLAP;

type Candidate = { readonly line: Line; readonly next: Line | undefined; readonly columns: readonly Column[] };

/** Whether a line continues the cells of the row above: it is near, and the first column is empty. */
function isWrapOf(row: readonly Line[], { line, next, columns }: Candidate): boolean {
  const above = row.at(-1);
  if (above === undefined || line.baseline - above.baseline > WRAP_PITCH * Math.max(line.size, above.size))
    return false;
  const leftmost = columns.reduce((best, column) => (column.start < best.start ? column : best));
  const isFirstEmpty = partsOf(line).every((part) => !overlaps(part, leftmost) && part.start > leftmost.start);
  const isBetweenRows = line.parts.length < 2 && (next?.parts.length ?? 0) > 1 && line.end <= leftmost.end + OVERLAP;
  return isFirstEmpty || (isBetweenRows && line.size === above.size && line.isBold === above.isBold);
}

const positions = new WeakMap<Line, readonly Column[]>();

function cellsOf(line: Line, places: readonly Column[]): string[] {
  positions.set(line, places);
  return partsOf(line).map(({ text }) => text);
}

function wrap(row: { cells: string[]; lines: Line[] }, line: Line, places: readonly Column[]): void {
  positions.set(line, places);
  row.lines.push(line);
}

function isTable(rows: readonly { readonly lines: readonly Line[] }[], columns: readonly Column[]): boolean {
  if (rows.length < 2 || columns.length < 2 || rows.length * columns.length < FEWEST_CELLS) return false;
  const filled = rows.reduce((sum, row) => sum + (row.lines[0]?.parts.length ?? 0), 0);
  const isList = rows.every(({ lines }) => LABEL.test(lines[0]?.parts[0]?.text ?? "") && lines[0]?.parts.length === 2);
  return !isList && filled >= FEWEST_CELLS && filled >= rows.length * columns.length * 0.5;
}

function toTable(rows: readonly { readonly lines: readonly Line[] }[], columns: readonly Column[]): Draft {
  const ordered = columns.toSorted((one, other) => one.start - other.start);
  const cells = rows.map(
    ({ lines }): TableRow => ({
      lines,
      cells: ordered.map((column) =>
        lines
          .flatMap((line) => partsOf(line).filter((_, index) => positions.get(line)?.[index] === column))
          .map(({ text }) => text)
          .join(" "),
      ),
    }),
  );
  return { kind: "table", lines: rows.flatMap(({ lines }) => lines), rows: cells };
}
