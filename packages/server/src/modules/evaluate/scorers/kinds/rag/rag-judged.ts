import { z } from "zod";
import { askJudge, toldTo } from "../../judging/ask-judge.ts";
import { judgeSettings } from "../../judging/judge-params.ts";
import { documentPart, questionAndAnswer, referenceOf } from "../../judging/parts.ts";
import { defineKind, SHARE, scored, unscored } from "../../scoring/kind.ts";

const Params = z.strictObject(judgeSettings);
const NO_DOCUMENTS = "The sample has no documents.";

const USEFUL_TOLD =
  "Documents were retrieved for a question, the best first. Say of each document, in its order, whether it is useful to come to the EXPECTED ANSWER, or to the ANSWER where none is expected. One entry for each document.";
const USEFUL_EXAMPLE = '{"useful": [<true or false for document 1>, <true or false for document 2>]}';

export const contextPrecision = defineKind({
  id: "context-precision",
  label: "Context precision",
  group: "rag",
  summary:
    "Whether useful documents come before useless ones: the mean precision at each useful document. 0 when none is useful. Undefined without documents.",
  params: Params,
  output: SHARE,
  needs: ["judge", "documents"],
  prompt: () => toldTo(USEFUL_TOLD, USEFUL_EXAMPLE),
  open: (settings) => async (sample, tools) => {
    const { documents = [] } = sample;
    if (documents.length === 0) return unscored(NO_DOCUMENTS);
    const reference = referenceOf(sample);
    const asked = await askJudge(tools, {
      settings,
      sample,
      shape: z.object({ useful: z.array(z.boolean()).length(documents.length) }),
      instructions: USEFUL_TOLD,
      example: USEFUL_EXAMPLE,
      parts: [
        ...questionAndAnswer(sample),
        ...(reference === "" ? [] : [{ name: "EXPECTED ANSWER", text: reference }]),
        documentPart(documents),
      ],
    });
    if (asked.kind === "failed") return asked.verdict;
    const { useful } = asked.value;
    return scored(precisionOf(useful), { details: { ...asked.details, useful } });
  },
});

/** Σ precision@k · v_k / Σ v_k. */
export function precisionOf(useful: readonly boolean[]): number {
  let [found, sum] = [0, 0];
  for (const [at, isUseful] of useful.entries()) {
    if (!isUseful) continue;
    found++;
    sum += found / (at + 1);
  }
  return found === 0 ? 0 : sum / found;
}

const documentNumber = z.number().int().min(1).max(1_000);
const Noise = z.object({
  relevant: z.array(documentNumber).max(1_000),
  claims: z.array(z.object({ claim: z.string(), correct: z.boolean(), documents: z.array(documentNumber) })).max(200),
});
const NOISE_TOLD =
  'Take the ANSWER apart into statements that each can be true or false by themselves. Say of each whether it is "correct" by the EXPECTED ANSWER, and give the numbers of the "documents" that it follows from, if any. Under "relevant" give the numbers of the documents that help to come to the EXPECTED ANSWER.';
const NOISE_EXAMPLE =
  '{"relevant": [<numbers>], "claims": [{"claim": "<statement>", "correct": <true or false>, "documents": [<numbers>]}]}';
const NoiseParams = z.strictObject({
  ...judgeSettings,
  from: z
    .enum(["irrelevant", "relevant", "any"])
    .default("any")
    .describe("The documents to blame for wrong statements."),
});

export const noiseSensitivity = defineKind({
  id: "noise-sensitivity",
  label: "Noise sensitivity",
  group: "rag",
  summary:
    "The share of the answer's statements that are wrong and follow from a document. It shows how easily retrieved documents mislead the model. Lower is better.",
  params: NoiseParams,
  output: { ...SHARE, direction: "lower" },
  needs: ["judge", "documents", "expected"],
  prompt: () => toldTo(NOISE_TOLD, NOISE_EXAMPLE),
  open:
    ({ from, ...settings }) =>
    async (sample, tools) => {
      const { documents = [] } = sample;
      const reference = referenceOf(sample);
      if (reference.trim() === "") return unscored("There is no expected answer.");
      if (documents.length === 0) return unscored(NO_DOCUMENTS);
      const asked = await askJudge(tools, {
        settings,
        sample,
        shape: Noise,
        instructions: NOISE_TOLD,
        example: NOISE_EXAMPLE,
        parts: [...questionAndAnswer(sample), { name: "EXPECTED ANSWER", text: reference }, documentPart(documents)],
      });
      if (asked.kind === "failed") return asked.verdict;
      const { claims, relevant } = asked.value;
      const details = { ...asked.details, claims, relevant };
      if (claims.length === 0) return unscored("The answer makes no statements.", details);
      const counts = (place: number) =>
        place <= documents.length && (from === "any" || relevant.includes(place) === (from === "relevant"));
      const misled = claims.filter((claim) => !claim.correct && claim.documents.some(counts)).length;
      return scored(misled / claims.length, { reason: `${misled} of ${claims.length} statements.`, details });
    },
});
