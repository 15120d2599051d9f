import type { KnowledgeAnswer, KnowledgeQuestion } from "@treadle/contract";
import type { Scope } from "../../../kernel/scope.ts";
import type { Gateway, InnerCaller } from "../gateway/index.ts";
import { readAnswer } from "./read-answer.ts";

export type AnswersDeps = { readonly gateway: Pick<Gateway, "complete"> };

type Asked = {
  readonly knowledgeBaseId: string;
  readonly question: KnowledgeQuestion;
  /** The headers of the request, which set fields of the trace. */
  readonly headers: InnerCaller["headers"];
  readonly signal: AbortSignal;
};

const WHEN_NOT_FOUND = "The documents do not answer this question.";

/** Answers of a model from a knowledge base, with their citations. */
export function createAnswers({ gateway }: AnswersDeps) {
  return {
    /** Throws what a call of the gateway throws, and `not_found` for an unknown base. */
    async ask(scope: Scope, { knowledgeBaseId, question: asked, headers, signal }: Asked): Promise<KnowledgeAnswer> {
      const { question, model, whenNotFound = WHEN_NOT_FOUND, ...use } = asked;
      const knowledge = { ...use, knowledgeBaseId, whenNotFound };
      const request = { model, messages: [{ role: "user", content: question }], knowledge };
      const { response, traceId } = await gateway.complete(scope, request, { signal, headers });
      return { ...readAnswer(response, whenNotFound), traceId };
    },
  };
}
export type Answers = ReturnType<typeof createAnswers>;
