import { useEffect, useState } from "react";

/** Which row a key leads to, or undefined when the key is not one of movement. */
export function nextRow(
  key: string,
  index: number,
  { count, page }: { count: number; page: number },
): number | undefined {
  switch (key) {
    case "ArrowDown":
      return index + 1;
    case "ArrowUp":
      return index - 1;
    case "PageDown":
      return index + page;
    case "PageUp":
      return index - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return undefined;
  }
}

/** The row the keyboard is on. It follows the open row, and is remembered by id, so that new rows above do not move it. */
export function useActiveRow<Row>(rows: readonly Row[], idOf: (row: Row) => string, openId: string | undefined) {
  const [id, set] = useState<string>();
  useEffect(() => {
    if (openId !== undefined) set(openId);
  }, [openId]);
  const index = id === undefined ? -1 : rows.findIndex((row) => idOf(row) === id);
  return { index, row: rows[index], set };
}

export type Selection = {
  ids: ReadonlySet<string>;
  toggle: (id: string, isRange: boolean) => void;
  toggleAll: () => void;
};

/** Selected rows; with shift, everything between the last touched row and this one. */
export function useSelection<Row>(rows: readonly Row[], idOf: (row: Row) => string) {
  const [ids, setIds] = useState<ReadonlySet<string>>(new Set());
  const [anchor, setAnchor] = useState<string>();
  return {
    ids,
    clear: () => setIds(new Set()),
    toggleAll: () => setIds(ids.size === rows.length ? new Set() : new Set(rows.map(idOf))),
    toggle(id: string, isRange: boolean) {
      const next = new Set(ids);
      const isOn = !ids.has(id);
      for (const other of isRange && anchor !== undefined ? between(rows.map(idOf), anchor, id) : [id]) {
        if (isOn) next.add(other);
        else next.delete(other);
      }
      setIds(next);
      setAnchor(id);
    },
  };
}

/** The ids from one to another, both included, whichever comes first. */
export function between(ids: readonly string[], from: string, to: string): readonly string[] {
  const [a, b] = [ids.indexOf(from), ids.indexOf(to)];
  if (a < 0 || b < 0) return [to];
  return ids.slice(Math.min(a, b), Math.max(a, b) + 1);
}
