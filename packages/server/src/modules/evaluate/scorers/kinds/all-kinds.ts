import type { Kind } from "../scoring/kind.ts";
import { toolArguments, toolCallMatchKind, toolChoice, trajectory } from "./agents/agent-calls.ts";
import { goal } from "./agents/goal.ts";
import { checklist } from "./judged/checklist.ts";
import { gEval } from "./judged/g-eval.ts";
import { jury } from "./judged/jury.ts";
import { pairwise } from "./judged/pairwise.ts";
import { referenceGuided } from "./judged/reference-guided.ts";
import { rubric } from "./judged/rubric.ts";
import { answerPerplexity } from "./models/answer-perplexity.ts";
import { cost, latency, outputTokens } from "./models/measured.ts";
import { perplexity } from "./models/perplexity.ts";
import { rewardModel } from "./models/reward-model.ts";
import { createChecks } from "./own/checks.ts";
import { http } from "./own/http.ts";
import { ownCode } from "./own/own-code.ts";
import { answerRelevancy } from "./rag/answer-relevancy.ts";
import { citationCheck } from "./rag/citation-check.ts";
import { contextRecall, faithfulness } from "./rag/rag-claims.ts";
import { contextPrecision, noiseSensitivity } from "./rag/rag-judged.ts";
import { retrieval, supportOverlap } from "./rag/retrieval.ts";
import { bbq } from "./safety/bbq.ts";
import { counterfactualSwap } from "./safety/counterfactual-swap.ts";
import { crowsPairs } from "./safety/crows-pairs.ts";
import { guard } from "./safety/guard.ts";
import { jailbreak } from "./safety/jailbreak.ts";
import { redTeam } from "./safety/red-team.ts";
import { refusal, sentiment, toxicity } from "./safety/word-lists.ts";
import { contains } from "./text/contains.ts";
import { bleu, chrf, ter } from "./text/corpus-texts.ts";
import { editSimilarity } from "./text/edit-similarity.ts";
import { embeddingSimilarity } from "./text/embedding-similarity.ts";
import { exactMatch } from "./text/exact-match.ts";
import { meteor, normalisedMatch, rouge, squad } from "./text/item-texts.ts";
import { jsonMatch } from "./text/json-match.ts";
import { jsonSchema } from "./text/json-schema.ts";
import { labelMatch } from "./text/label-match.ts";
import { language } from "./text/language.ts";
import { length } from "./text/length.ts";
import { numberMatch } from "./text/number-match.ts";
import { readability } from "./text/readability.ts";
import { regex } from "./text/regex.ts";

/** In the order in which a list shows them. */
const PLAIN: readonly Kind[] = [
  ...[exactMatch, normalisedMatch, numberMatch, contains, regex, editSimilarity, embeddingSimilarity],
  ...[bleu, chrf, ter, rouge, meteor, squad, perplexity, answerPerplexity],
  labelMatch,
  ...[jsonSchema, jsonMatch, toolCallMatchKind],
  ...[length, latency, cost, outputTokens],
  ...[language, readability, sentiment],
  ...[referenceGuided, rubric, checklist, gEval, jury, pairwise, rewardModel],
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
  ...[refusal, jailbreak, redTeam, guard, toxicity, counterfactualSwap, bbq, crowsPairs],
  ...[ownCode, http],
];

/** Every kind; what an item brings along may ask for any other. */
export const KINDS: readonly Kind[] = [...PLAIN, createChecks(PLAIN)];
