import { z } from "zod";
import { cosine } from "../cosine.ts";
import { expectedTexts } from "../read-sample.ts";
import { defineKind, scored, unscored } from "./kind.ts";

export const embeddingSimilarity = defineKind({
  id: "embedding-similarity",
  label: "Embedding similarity",
  group: "text",
  summary:
    "Cosine of the vectors of the answer and of an expected text, the best of them, by the model that ships with the program (English). It sees what a text is about, not whether it is right.",
  params: z.strictObject({}),
  output: { type: "number", min: -1, max: 1, direction: "higher", unit: "" },
  needs: ["expected", "embedding"],
  open: () => async (sample, tools) => {
    const expected = expectedTexts(sample);
    if ("reason" in expected) return unscored(expected.reason);
    if (sample.output.trim() === "") return unscored("The answer is empty, and has no vector.");
    const wanted = expected.texts.filter((text) => text.trim() !== "");
    if (wanted.length === 0) return unscored("What is expected is empty.");
    const [own = [], ...others] = await tools.embed([sample.output, ...wanted]);
    const values = others.flatMap((other) => cosine(own, other) ?? []);
    return values.length === 0 ? unscored("A text has no vector.") : scored(Math.max(...values));
  },
});
