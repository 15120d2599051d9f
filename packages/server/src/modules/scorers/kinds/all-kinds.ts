import { toolArguments, toolCallMatchKind, toolChoice, trajectory } from "./agent-calls.ts";
import { answerPerplexity } from "./answer-perplexity.ts";
import { answerRelevancy } from "./answer-relevancy.ts";
import { bbq } from "./bbq.ts";
import { checklist } from "./checklist.ts";
import { createChecks } from "./checks.ts";
import { citationCheck } from "./citation-check.ts";
import { contains } from "./contains.ts";
import { bleu, chrf, ter } from "./corpus-texts.ts";
import { counterfactualSwap } from "./counterfactual-swap.ts";
import { crowsPairs } from "./crows-pairs.ts";
import { editSimilarity } from "./edit-similarity.ts";
import { embeddingSimilarity } from "./embedding-similarity.ts";
import { exactMatch } from "./exact-match.ts";
import { gEval } from "./g-eval.ts";
import { goal } from "./goal.ts";
import { http } from "./http.ts";
import { meteor, normalisedMatch, rouge, squad } from "./item-texts.ts";
import { jailbreak } from "./jailbreak.ts";
import { jsonMatch } from "./json-match.ts";
import { jsonSchema } from "./json-schema.ts";
import { jury } from "./jury.ts";
import type { Kind } from "./kind.ts";
import { labelMatch } from "./label-match.ts";
import { language } from "./language.ts";
import { length } from "./length.ts";
import { cost, latency, outputTokens } from "./measured.ts";
import { numberMatch } from "./number-match.ts";
import { ownCode } from "./own-code.ts";
import { pairwise } from "./pairwise.ts";
import { perplexity } from "./perplexity.ts";
import { contextRecall, faithfulness } from "./rag-claims.ts";
import { contextPrecision, noiseSensitivity } from "./rag-judged.ts";
import { readability } from "./readability.ts";
import { referenceGuided } from "./reference-guided.ts";
import { regex } from "./regex.ts";
import { retrieval, supportOverlap } from "./retrieval.ts";
import { rubric } from "./rubric.ts";
import { refusal, sentiment, toxicity } from "./word-lists.ts";

/** In the order in which a list shows them. */
const PLAIN: readonly Kind[] = [
  ...[exactMatch, normalisedMatch, numberMatch, contains, regex, editSimilarity, embeddingSimilarity],
  ...[bleu, chrf, ter, rouge, meteor, squad, perplexity, answerPerplexity],
  labelMatch,
  ...[jsonSchema, jsonMatch, toolCallMatchKind],
  ...[length, latency, cost, outputTokens],
  ...[language, readability, sentiment],
  ...[referenceGuided, rubric, checklist, gEval, jury, pairwise],
  ...[
    retrieval,
    faithfulness,
    contextPrecision,
    contextRecall,
    answerRelevancy,
    noiseSensitivity,
    citationCheck,
    supportOverlap,
  ],
  ...[toolChoice, toolArguments, trajectory, goal],
  ...[refusal, jailbreak, toxicity, counterfactualSwap, bbq, crowsPairs],
  ...[ownCode, http],
];

/** Every kind; what an item brings along may ask for any other. */
export const KINDS: readonly Kind[] = [...PLAIN, createChecks(PLAIN)];
