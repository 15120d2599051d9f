import { z } from "zod";
import { content } from "../../content.ts";
import { parseFilter } from "./parser.ts";

/** A filter of spans. A caller who cannot read content cannot filter by it. */
export const SpanFilterText = content(
  z
    .string()
    .max(2_000)
    .refine(
      (text) => parseFilter(text).problems.length === 0,
      "is not a filter; see the guide on traces for the language",
    ),
  "filter",
);
