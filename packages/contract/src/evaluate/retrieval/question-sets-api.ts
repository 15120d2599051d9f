import { z } from "zod";
import { Done, PageQuery, pageOf } from "../../pages.ts";
import { defineApi } from "../../route.ts";
import {
  HitJudgement,
  QUESTION_FORMATS,
  RetrievalQuestion,
  RetrievalQuestionInput,
  RetrievalQuestionPatch,
  RetrievalQuestionSet,
  RetrievalQuestionSetInput,
  RetrievalQuestionSetPatch,
} from "./question-sets.ts";

const ofBase = z.object({ knowledgeBaseId: z.string().max(100) });
const one = z.object({ questionSetId: z.string().max(100) });
const oneQuestion = one.extend({ questionId: z.string().max(100) });
const format = z.enum(QUESTION_FORMATS);

export const questionSetsApi = defineApi({
  "GET /api/v1/knowledge/:knowledgeBaseId/question-sets": {
    name: "listRetrievalQuestionSets",
    summary: "The question sets of a knowledge base, newest first",
    permission: "knowledge:read",
    params: ofBase,
    query: PageQuery,
    response: pageOf(RetrievalQuestionSet),
  },
  "POST /api/v1/knowledge/:knowledgeBaseId/question-sets": {
    name: "createRetrievalQuestionSet",
    summary: "Create a question set",
    permission: "knowledge:write",
    params: ofBase,
    body: RetrievalQuestionSetInput,
    example: { name: "Support questions", questions: [{ question: "How many days does a refund take?" }] },
    response: RetrievalQuestionSet,
    status: 201,
  },
  "GET /api/v1/question-sets/:questionSetId": {
    name: "getRetrievalQuestionSet",
    summary: "One question set",
    permission: "knowledge:read",
    params: one,
    response: RetrievalQuestionSet,
  },
  "PATCH /api/v1/question-sets/:questionSetId": {
    name: "updateRetrievalQuestionSet",
    summary: "Change a question set",
    permission: "knowledge:write",
    params: one,
    body: RetrievalQuestionSetPatch,
    response: RetrievalQuestionSet,
  },
  "DELETE /api/v1/question-sets/:questionSetId": {
    name: "deleteRetrievalQuestionSet",
    summary: "Delete a question set with its questions and runs",
    permission: "knowledge:write",
    params: one,
    response: Done,
  },
  "GET /api/v1/question-sets/:questionSetId/export": {
    name: "exportRetrievalQuestionSet",
    summary: "The questions as JSONL, TREC topics or TREC qrels",
    description: "Qrels name documents by id. A document has the highest grade of its spans.",
    permission: "knowledge:read",
    params: one,
    query: z.object({ format: format.default("jsonl") }),
    response: z.string(),
    answer: "file",
  },
});

export const questionsApi = defineApi({
  "GET /api/v1/question-sets/:questionSetId/questions": {
    name: "listQuestions",
    summary: "The questions of a set",
    permission: "knowledge:read",
    params: one,
    query: PageQuery.extend({ search: z.string().max(200).optional().describe("Part of the question.") }),
    response: pageOf(RetrievalQuestion),
  },
  "POST /api/v1/question-sets/:questionSetId/questions": {
    name: "addQuestions",
    summary: "Add questions to a set",
    description: "A question with the `questionId` of an existing question replaces it.",
    permission: "knowledge:write",
    params: one,
    body: z.strictObject({ questions: z.array(RetrievalQuestionInput).min(1).max(1_000) }),
    example: { questions: [{ question: "How many days does a refund take?" }] },
    response: RetrievalQuestionSet,
    status: 201,
  },
  "POST /api/v1/question-sets/:questionSetId/import": {
    name: "importQuestions",
    summary: "Add questions or judgements from a file",
    description:
      "`jsonl` has a question per line, in the form of `addQuestions`. `topics` are TREC topics, or lines of an id, a tab and a question. `qrels` judge documents, by id or name, for questions of the set.",
    permission: "knowledge:write",
    params: one,
    query: z.object({ format: format.default("jsonl") }),
    takes: "bytes",
    response: RetrievalQuestionSet,
  },
  "POST /api/v1/question-sets/:questionSetId/judgements": {
    name: "judgeHit",
    summary: "Judge a hit of a search",
    description: "A judgement of the same span is replaced.",
    permission: "knowledge:write",
    params: one,
    body: HitJudgement,
    example: { question: "How many days does a refund take?", documentId: "kd_1", start: 120, end: 480 },
    response: RetrievalQuestion,
  },
  "PATCH /api/v1/question-sets/:questionSetId/questions/:questionId": {
    name: "updateQuestion",
    summary: "Change a question or its judgements",
    permission: "knowledge:write",
    params: oneQuestion,
    body: RetrievalQuestionPatch,
    response: RetrievalQuestion,
  },
  "DELETE /api/v1/question-sets/:questionSetId/questions/:questionId": {
    name: "deleteQuestion",
    summary: "Delete a question",
    permission: "knowledge:write",
    params: oneQuestion,
    response: Done,
  },
});
