import { z } from "zod";
import { askJudge, toldTo } from "../../judging/ask-judge.ts";
import { judgeSettings } from "../../judging/judge-params.ts";
import { documentPart } from "../../judging/parts.ts";
import { defineKind, SHARE, scored, unscored } from "../../scoring/kind.ts";

const { model, ...settings } = judgeSettings;
const Params = z.strictObject({
  ...settings,
  model: model
    .or(z.literal(""))
    .default("")
    .describe(
      "A judge that checks whether the cited document supports the sentence. Leave it empty to check only that the document exists.",
    ),
});

const TOLD =
  "Sentences of an answer cite documents by their numbers in square brackets. Say of each sentence, in its order, whether the documents that it cites say what it says. One entry for each sentence.";
const EXAMPLE = '{"supported": [<true or false for sentence 1>, <true or false for sentence 2>]}';
const SENTENCES = new Intl.Segmenter(undefined, { granularity: "sentence" });
const CITATION = /\[(\d{1,4}(?:\s{0,3}[,;]\s{0,3}\d{1,4}){0,30})\]/g;
const MOST_CHARACTERS = 100_000;

export const citationCheck = defineKind({
  id: "citation-check",
  label: "Citations",
  group: "rag",
  summary:
    "The share of sentences with citations, such as [2], whose documents exist. With a judge, the documents must also support the sentence. Undefined when the answer has no citations.",
  params: Params,
  output: SHARE,
  needs: ["documents"],
  prompt: (params) => (params.model === "" ? "" : toldTo(TOLD, EXAMPLE)),
  open: (params) => async (sample, tools) => {
    const { documents = [] } = sample;
    if (documents.length === 0) return unscored("The sample has no documents.");
    const cited = citedSentences(sample.output);
    if (cited.length === 0) return unscored("The answer cites no document.");
    const there = cited.filter(({ numbers }) => numbers.every((number) => number >= 1 && number <= documents.length));
    const missing = cited.length - there.length;
    const reason = missing > 0 ? `${missing} of ${cited.length} sentences cite documents that do not exist.` : "";
    if (params.model === "" || there.length === 0) return scored(there.length / cited.length, { reason });
    const asked = await askJudge(tools, {
      settings: params,
      sample,
      shape: z.object({ supported: z.array(z.boolean()).length(there.length) }),
      instructions: TOLD,
      example: EXAMPLE,
      parts: [
        { name: "SENTENCES", text: there.map(({ sentence }, at) => `${at + 1}. ${sentence}`).join("\n") },
        documentPart(documents),
      ],
    });
    if (asked.kind === "failed") return asked.verdict;
    const { supported } = asked.value;
    const sentences = there.map(({ sentence }, at) => ({ sentence, isSupported: supported[at] === true }));
    return scored(supported.filter(Boolean).length / cited.length, {
      reason,
      details: { ...asked.details, sentences },
    });
  },
});

/** The sentences that cite, with the numbers that they cite. A citation behind the full stop belongs to the sentence before. */
export function citedSentences(text: string): { sentence: string; numbers: number[] }[] {
  const joined = text.slice(0, MOST_CHARACTERS).replaceAll(/([.!?])(\s{0,3})((?:\[[\d,; ]{1,60}\]){1,10})/g, "$2$3$1");
  return [...SENTENCES.segment(joined)].flatMap(({ segment }) => {
    const numbers = [...segment.matchAll(CITATION)].flatMap(([, list = ""]) => list.split(/[,;]/).map(Number));
    return numbers.length > 0 ? [{ sentence: segment.trim(), numbers }] : [];
  });
}
