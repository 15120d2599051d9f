import type { ContentMark, Shape } from "@treadle/contract";
import { z } from "zod";
import { isRecord } from "../../../kernel/is-record.ts";
import { isMeasure } from "../redaction/index.ts";
import { compileWalk, innerOf, type Walk } from "./walk-shape.ts";

/** Replaces the marked fields of a response by empty values. Null if the response has no marked field. */
export const compileHide = (response: Shape): Walk | null => compileWalk(response, hide);

function hide(mark: ContentMark, value: unknown, schema: Shape): unknown {
  if (mark === "text") return isEmpty(value) ? value : emptyOf(schema);
  if (mark !== "measures" || !isRecord(value)) return value;
  const measures = Object.entries(value).filter(([key, held]) => isMeasure(key, held));
  return measures.length === Object.keys(value).length ? value : Object.fromEntries(measures);
}

const isEmpty = (value: unknown) => value === null || value === "" || (Array.isArray(value) && value.length === 0);

function emptyOf(schema: Shape): unknown {
  if (schema instanceof z.ZodNullable) return null;
  if (schema instanceof z.ZodString) return "";
  if (schema instanceof z.ZodArray) return [];
  const inner = innerOf(schema);
  return inner === null ? null : emptyOf(inner);
}
