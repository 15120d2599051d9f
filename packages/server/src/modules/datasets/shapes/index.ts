import type { ColumnMapping, ItemShape } from "@treadle/contract";
import type { Row } from "../files/row.ts";
import { alpaca } from "./alpaca.ts";
import { kto } from "./kto.ts";
import { langfuse } from "./langfuse.ts";
import { langsmith } from "./langsmith.ts";
import { openaiChat } from "./openai-chat.ts";
import { openaiPreference } from "./openai-preference.ts";
import { promptCompletion } from "./prompt-completion.ts";
import type { Shape } from "./shape.ts";
import { sharegpt } from "./sharegpt.ts";
import { table, tableWith } from "./table.ts";
import { treadle } from "./treadle.ts";
import { trlPreference } from "./trl-preference.ts";

/** Those that ask most of a row first; every row is a table. */
const chats = [openaiChat, sharegpt, alpaca, kto, promptCompletion];
export const SHAPES: readonly Shape[] = [
  treadle,
  langsmith,
  langfuse,
  openaiPreference,
  trlPreference,
  ...chats,
  table,
];

/** The shapes that at least nine in ten rows have, the likeliest first. */
export function fittingShapes(rows: readonly Row[]): Shape[] {
  return SHAPES.filter((shape) => rows.filter((row) => shape.fits(row)).length >= Math.max(1, rows.length * 0.9));
}

export const shapeOf = (id: ItemShape, mapping?: readonly ColumnMapping[]): Shape =>
  (id === "table" && mapping && tableWith(mapping)) || (SHAPES.find((shape) => shape.id === id) ?? table);
