import type { ReactNode } from "react";
import { useStored } from "../browser/stored-state.ts";

/** A column of a table that a person can size, order and hide. */
export type Column<Row> = {
  id: string;
  header: string;
  /** In pixels, until it is dragged. */
  width: number;
  cell: (row: Row) => ReactNode;
  isNumber?: boolean;
  /** Shares the room that the others leave, until it is sized by hand. */
  isStretched?: boolean;
  /** Left out until it is chosen. */
  isExtra?: boolean;
  /** The order of the API that a click on the header asks for. */
  order?: string;
};

type Layout = { shown?: readonly string[]; widths: Readonly<Record<string, number>> };
const INITIAL: Layout = { widths: {} };
const MIN_WIDTH = 48;
const MAX_WIDTH = 900;

type Choice = {
  /** Names the table in this browser's storage. */
  id: string;
  /** The columns an address asks for, which win over the stored ones. */
  fromAddress: string | undefined;
  /** Called with the ids when a person changes them, so that the address can follow. */
  onChoose: (columns: string | undefined) => void;
};

/** Which columns are shown, in which order and how wide: the user's choice in this browser, or the URL. */
export function useTableLayout<Row>(columns: readonly Column<Row>[], { id, fromAddress, onChoose }: Choice) {
  const [layout, setLayout] = useStored<Layout>(`table.${id}`, INITIAL);
  const known = new Map(columns.map((column) => [column.id, column]));
  const standard = columns.filter((column) => !column.isExtra).map((column) => column.id);
  const asked = (fromAddress?.split(",") ?? layout.shown ?? standard).filter((name) => known.has(name));
  const shownIds = asked.length > 0 ? asked : standard;
  const shown = shownIds.flatMap((name) => {
    const column = known.get(name);
    if (!column) return [];
    const sized = layout.widths[name];
    return [sized === undefined ? column : { ...column, width: sized, isStretched: false }];
  });
  function choose(ids: readonly string[]) {
    if (ids.length === 0) return;
    setLayout({ ...layout, shown: ids });
    onChoose(ids.join(",") === standard.join(",") ? undefined : ids.join(","));
  }
  return {
    shown,
    isShown: (name: string) => shownIds.includes(name),
    toggle: (name: string) =>
      choose(shownIds.includes(name) ? shownIds.filter((other) => other !== name) : [...shownIds, name]),
    /** Puts a column before (negative) or after where it is. */
    move: (name: string, by: number) => choose(moved(shownIds, name, by)),
    resize: (name: string, width: number) =>
      setLayout({
        ...layout,
        widths: { ...layout.widths, [name]: Math.round(Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width))) },
      }),
    reset() {
      setLayout(INITIAL);
      onChoose(undefined);
    },
  };
}
export type TableLayout<Row> = ReturnType<typeof useTableLayout<Row>>;

/** The width of a column's cells in a row that is a flex box. */
export const widthOf = <Row>({ width, isStretched }: Column<Row>) => ({ flex: `${isStretched ? 1 : 0} 0 ${width}px` });

/** The list with one entry moved, as far as the list reaches. */
export function moved(ids: readonly string[], id: string, by: number): readonly string[] {
  const from = ids.indexOf(id);
  if (from < 0) return ids;
  const rest = ids.filter((other) => other !== id);
  const to = Math.min(rest.length, Math.max(0, from + by));
  return [...rest.slice(0, to), id, ...rest.slice(to)];
}
