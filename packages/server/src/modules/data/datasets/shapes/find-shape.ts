import type { ColumnMapping, ItemShape } from "@treadle/contract";
import type { Row } from "../files/row.ts";
import { SHAPES } from "./index.ts";
import type { Shape } from "./shape.ts";
import { table, tableWith } from "./table.ts";

/** The shapes that at least nine in ten rows have, the likeliest first. */
export function fittingShapes(rows: readonly Row[]): Shape[] {
  return SHAPES.filter((shape) => rows.filter((row) => shape.fits(row)).length >= Math.max(1, rows.length * 0.9));
}

export const shapeOf = (id: ItemShape, mapping?: readonly ColumnMapping[]): Shape =>
  (id === "table" && mapping && tableWith(mapping)) || (SHAPES.find((shape) => shape.id === id) ?? table);
