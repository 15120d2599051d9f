import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import type { RequestFor } from "@treadle/sdk";
import { type Answer, readAllPages } from "../../../../api.ts";
import { useProject } from "../../../system/session/index.ts";

const SET = "/api/v1/question-sets/:questionSetId";

export type QuestionSet = Answer<`GET ${typeof SET}`>;
export type Question = Answer<`GET ${typeof SET}/questions`>["items"][number];
export type QuestionSetInput = RequestFor<"POST /api/v1/knowledge/:knowledgeBaseId/question-sets">["body"];
export type QuestionInput = RequestFor<`POST ${typeof SET}/questions`>["body"]["questions"][number];
export type FileFormat = "jsonl" | "topics" | "qrels";

/** All question sets of a base, newest first. */
export function useQuestionSets(knowledgeBaseId: string) {
  const { id, client } = useProject();
  return useQuery({
    queryKey: ["question-sets", id, knowledgeBaseId],
    queryFn: ({ signal }) =>
      readAllPages((query) =>
        client.call("GET /api/v1/knowledge/:knowledgeBaseId/question-sets", {
          params: { knowledgeBaseId },
          query,
          signal,
        }),
      ),
    select: ({ items }) => items,
  });
}

/** The questions of a set, page by page. */
export function useQuestions(questionSetId: string) {
  const { id, client } = useProject();
  return useInfiniteQuery({
    queryKey: ["question-sets", id, questionSetId, "questions"],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam: cursor, signal }) =>
      client.call(`GET ${SET}/questions`, { params: { questionSetId }, query: { limit: 50, cursor }, signal }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

function useRefreshSets() {
  const cache = useQueryClient();
  return () => void cache.invalidateQueries({ queryKey: ["question-sets"] });
}

export function useCreateSet(knowledgeBaseId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshSets();
  return useMutation({
    mutationFn: (body: QuestionSetInput) =>
      client.call("POST /api/v1/knowledge/:knowledgeBaseId/question-sets", { params: { knowledgeBaseId }, body }),
    onSuccess,
  });
}

export function useDeleteSet() {
  const { client } = useProject();
  const onSuccess = useRefreshSets();
  return useMutation({
    mutationFn: (questionSetId: string) => client.call(`DELETE ${SET}`, { params: { questionSetId } }),
    meta: { failure: "The question set was not deleted" },
    onSuccess,
  });
}

/** Adds one question. The dialog shows the error. */
export function useAddQuestion(questionSetId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshSets();
  return useMutation({
    mutationFn: (question: QuestionInput) =>
      client.call(`POST ${SET}/questions`, { params: { questionSetId }, body: { questions: [question] } }),
    onSuccess,
  });
}

export function useDeleteQuestion(questionSetId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshSets();
  return useMutation({
    mutationFn: (questionId: string) =>
      client.call(`DELETE ${SET}/questions/:questionId`, { params: { questionSetId, questionId } }),
    meta: { failure: "The question was not deleted" },
    onSuccess,
  });
}

type FileImport = { readonly file: File; readonly format: FileFormat };

export function useImportQuestions(questionSetId: string) {
  const { client } = useProject();
  const onSuccess = useRefreshSets();
  return useMutation({
    mutationFn: async ({ file, format }: FileImport) =>
      client.call(`POST ${SET}/import`, {
        params: { questionSetId },
        query: { format },
        bytes: new Uint8Array(await file.arrayBuffer()),
      }),
    meta: { failure: "The file was not imported" },
    onSuccess,
  });
}
