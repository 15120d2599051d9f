import { isRecord } from "../../../kernel/is-record.ts";
import type { PrivatePlace, Scan } from "./scan-text.ts";

/** A text of a list, which the next one may continue. */
export type Piece = { readonly index: number; readonly text: string };

/** The texts of a list: its own texts, and its parts that are text. */
export const piecesOf = (list: readonly unknown[]): Piece[] =>
  list.flatMap((item, index) => {
    const text = textOf(item);
    return text === undefined || text === "" ? [] : [{ index, text }];
  });

function textOf(item: unknown): string | undefined {
  if (typeof item === "string") return item;
  if (!isRecord(item)) return undefined;
  const text = item.content ?? item.text;
  return typeof text === "string" ? text : undefined;
}

/** The findings in the joined text that lie in several pieces: by item of the list, the places of each one's part. */
export function splitFindings(pieces: readonly Piece[], scan: Scan): ReadonlyMap<number, readonly PrivatePlace[]> {
  const byItem = new Map<number, PrivatePlace[]>();
  const places = scan(pieces.map(({ text }) => text).join(""));
  let from = 0;
  for (const { index, text } of pieces) {
    const to = from + text.length;
    const own = places
      .filter(({ start, end }) => start < to && end > from && (start < from || end > to))
      .map(({ start, end, kind }) => ({ start: Math.max(start, from) - from, end: Math.min(end, to) - from, kind }));
    if (own.length > 0) byItem.set(index, own);
    from = to;
  }
  return byItem;
}
