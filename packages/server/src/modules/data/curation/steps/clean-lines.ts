import { z } from "zod";
import { mapRecord, mapStrings } from "../items/item-edit.ts";
import { cleanLines } from "../rules/web.ts";
import { nothing } from "../step/actions.ts";
import { rowStep } from "../step/row-step.ts";

const Params = z.strictObject({
  longerThan: z
    .number()
    .int()
    .min(0)
    .max(1_000_000)
    .default(1_000)
    .describe("Minimum length in characters. Shorter texts are not cleaned, so short answers stay as they are."),
});

export const cleanLinesStep = rowStep({
  id: "clean-lines",
  label: "Keep whole sentences of long texts",
  describe:
    "Removes lines that are not whole sentences (menus, cookie notices, scripts) from long texts, as C4 did for web pages. Items without remaining text are removed.",
  group: "quality",
  params: Params,
  judge:
    ({ longerThan }) =>
    (item) => {
      let lines = 0;
      let emptied = 0;
      const clean = (text: string) => {
        if (text.length <= longerThan) return text;
        const before = text.split("\n");
        const after = cleanLines(before);
        lines += before.length - after.length;
        if (after.length === 0) emptied++;
        return after.length === before.length ? text : after.join("\n");
      };
      const inputs = mapRecord(item.inputs, clean);
      const expected = mapStrings(item.expected, clean);
      if (lines === 0) return nothing();
      if (emptied > 0)
        return {
          keep: false,
          rule: "no-sentence",
          reason: "No line of the long text is a whole sentence",
          value: 0,
          threshold: 1,
        };
      const reason = `${lines} ${lines === 1 ? "line that is not a whole sentence" : "lines that are not whole sentences"}`;
      return { keep: true, rule: "lines", reason, value: lines, threshold: 0, edited: { ...item, inputs, expected } };
    },
});
