import { z } from "zod";
import { cosine } from "../../scoring/cosine.ts";
import { defineKind, scored, unscored } from "../../scoring/kind.ts";
import { expectedTexts } from "../../scoring/read-sample.ts";

export const embeddingSimilarity = defineKind({
  id: "embedding-similarity",
  label: "Embedding similarity",
  group: "text",
  summary:
    "Cosine similarity of the answer and the best expected text, by the built-in embedding model (English). It measures the topic, not whether the answer is correct.",
  params: z.strictObject({}),
  output: { type: "number", min: -1, max: 1, direction: "higher", unit: "" },
  needs: ["expected", "embedding"],
  open: () => async (sample, tools) => {
    const expected = expectedTexts(sample);
    if ("reason" in expected) return unscored(expected.reason);
    if (sample.output.trim() === "") return unscored("The answer is empty and has no embedding.");
    const wanted = expected.texts.filter((text) => text.trim() !== "");
    if (wanted.length === 0) return unscored("The expected text is empty.");
    const [own = [], ...others] = await tools.embed([sample.output, ...wanted]);
    const values = others.flatMap((other) => cosine(own, other) ?? []);
    return values.length === 0 ? unscored("A text has no embedding.") : scored(Math.max(...values));
  },
});
