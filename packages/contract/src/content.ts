import type { z } from "zod";

/**
 * Text of traces, as marks on the fields of the contract. `text` is replaced by an empty value of its type, and
 * `measures` retains numbers and technical names only. A field marked `filter` is a filter that can read content.
 */
export type ContentMark = "text" | "measures" | "filter" | "search";

const marks = new WeakMap<z.core.$ZodType, ContentMark>();

/** Marks a field that a caller without `traces:content` does not get. The mark belongs to this schema, not to copies of it. */
export function content<Schema extends z.ZodType>(schema: Schema, mark: ContentMark = "text"): Schema {
  marks.set(schema, mark);
  return schema;
}

export const contentMarkOf = (schema: z.core.$ZodType): ContentMark | undefined => marks.get(schema);
