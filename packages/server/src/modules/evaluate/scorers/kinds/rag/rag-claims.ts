import { z } from "zod";
import { askClaims, toldOfClaims } from "../../judging/claims.ts";
import { judgeSettings } from "../../judging/judge-params.ts";
import { documentPart, questionAndAnswer, referenceOf } from "../../judging/parts.ts";
import { defineKind, SHARE, scored, unscored } from "../../scoring/kind.ts";
import { questionOf } from "../../scoring/read-sample.ts";

const Params = z.strictObject(judgeSettings);
const [ANSWER, DOCUMENTS, EXPECTED] = ["the ANSWER", "the DOCUMENTS", "the EXPECTED ANSWER"];
const NO_DOCUMENTS = "The sample has no documents.";

export const faithfulness = defineKind({
  id: "faithfulness",
  label: "Faithfulness",
  group: "rag",
  summary:
    "The share of the answer's statements that follow from the documents. Undefined without documents, and for answers without statements.",
  params: Params,
  output: SHARE,
  needs: ["judge", "documents"],
  prompt: () => toldOfClaims(ANSWER, DOCUMENTS),
  open: (settings) => async (sample, tools) => {
    const { documents = [] } = sample;
    if (documents.length === 0) return unscored(NO_DOCUMENTS);
    const parts = [...questionAndAnswer(sample), documentPart(documents)];
    const asked = await askClaims(tools, { settings, sample, parts, what: ANSWER, against: DOCUMENTS });
    if (asked.kind === "failed") return asked.verdict;
    const { claims, supported, details } = asked;
    if (claims.length === 0) return unscored("The answer makes no statements.", details);
    return scored(supported / claims.length, { reason: `${supported} of ${claims.length} statements.`, details });
  },
});

export const contextRecall = defineKind({
  id: "context-recall",
  label: "Context recall",
  group: "rag",
  summary:
    "The share of the expected answer's statements that follow from the documents. It shows whether the retrieval found the needed information.",
  params: Params,
  output: SHARE,
  needs: ["judge", "documents", "expected"],
  prompt: () => toldOfClaims(EXPECTED, DOCUMENTS),
  open: (settings) => async (sample, tools) => {
    const { documents = [] } = sample;
    const reference = referenceOf(sample);
    if (reference.trim() === "") return unscored("There is no expected answer.");
    if (documents.length === 0) return unscored(NO_DOCUMENTS);
    const parts = [
      { name: "QUESTION", text: questionOf(sample) },
      { name: "EXPECTED ANSWER", text: reference },
      documentPart(documents),
    ];
    const asked = await askClaims(tools, { settings, sample, parts, what: EXPECTED, against: DOCUMENTS });
    if (asked.kind === "failed") return asked.verdict;
    const { claims, supported, details } = asked;
    if (claims.length === 0) return unscored("The expected answer makes no statements.", details);
    return scored(supported / claims.length, { reason: `${supported} of ${claims.length} statements.`, details });
  },
});
