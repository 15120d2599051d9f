import type { Dialect } from "./readers/dialect.ts";
import { kindOf } from "./readers/kinds.ts";

/** A span of anything else, such as an HTTP request or a query. `treadle.kind`, `input.value` and `output.value` are understood on it. */
export const plain: Dialect = {
  id: "plain",
  label: "Plain span",
  matches: () => true,
  read: (_span, reader) => ({
    kind: kindOf(reader.text("treadle.kind")) ?? "span",
    input: reader.value("input.value"),
    output: reader.value("output.value"),
  }),
};
