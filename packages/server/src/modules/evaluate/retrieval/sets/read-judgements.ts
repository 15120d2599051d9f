import type { JudgementInput, QuestionJudgement, RetrievalQuestionInput } from "@treadle/contract";
import { MOST_SPAN } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { newId } from "../../../../kernel/ids.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import { placeQuote, type Span } from "../measures/place-quote.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import type { NewQuestion } from "../stores/question-store.ts";
import { createFindDocument, type FindDocument } from "./documents-of.ts";

type Deps = Pick<RetrievalDeps, "knowledge">;
type Base = { readonly scope: Scope; readonly baseId: string; readonly version?: number | undefined };

/** Reads judgements of a base as they are stored: by document id, with the offsets and the text of each span. */
export function createReadJudgements(deps: Deps, base: Base) {
  const findDocument = createFindDocument(deps, base);
  const readText = createReadText(deps, base);

  async function readOne(input: JudgementInput): Promise<QuestionJudgement> {
    const { grade } = input;
    const documentId = await findDocument(input.documentId);
    if (input.start === undefined && input.quote === undefined)
      return { documentId, start: null, end: null, quote: null, grade };
    const text = await readText(documentId);
    const span = input.quote === undefined ? checkSpan(text, input) : findQuote(text, input);
    return { documentId, ...span, quote: text.slice(span.start, span.end), grade };
  }

  return {
    findDocument: findDocument satisfies FindDocument,
    async readJudgements(inputs: readonly JudgementInput[]): Promise<QuestionJudgement[]> {
      const judgements: QuestionJudgement[] = [];
      for (const input of inputs) judgements.push(await readOne(input));
      return judgements;
    },
    async readQuestions(inputs: readonly RetrievalQuestionInput[]): Promise<NewQuestion[]> {
      const read: NewQuestion[] = [];
      for (const { questionId = newId("q"), question, relevant } of inputs)
        read.push({ id: questionId, question, relevant: await this.readJudgements(relevant) });
      checkDistinct(read);
      return read;
    },
  };
}

/** The text of the document that was read last is reused, since judgements of a document often follow one another. */
function createReadText({ knowledge }: Deps, { scope, baseId, version }: Base) {
  let last: { readonly documentId: string; readonly text: string } | undefined;
  return async (documentId: string): Promise<string> => {
    if (last?.documentId !== documentId) {
      const { text } = await knowledge.readText(scope, { knowledgeBaseId: baseId, documentId }, version);
      last = { documentId, text };
    }
    return last.text;
  };
}

function checkSpan(text: string, { documentId, start = 0, end = 0 }: JudgementInput): Span {
  if (end > text.length)
    throw new AppError("invalid_request", {
      message: `The span ${start} to ${end} exceeds the document "${documentId}", which has ${text.length} characters.`,
    });
  if (end - start > MOST_SPAN)
    throw new AppError("invalid_request", {
      message: `The span ${start} to ${end} has more than ${MOST_SPAN} characters. Judge a smaller span, or the whole document.`,
    });
  return { start, end };
}

function findQuote(text: string, { documentId, quote = "" }: JudgementInput): Span {
  const span = placeQuote(text, quote);
  if (span) return span;
  const shown = quote.length > 80 ? `${quote.slice(0, 80)}…` : quote;
  throw new AppError("invalid_request", {
    message: `The document "${documentId}" does not have the quote "${shown}". Copy it from the text of the document.`,
  });
}

function checkDistinct(questions: readonly NewQuestion[]): void {
  const ids = new Set<string>();
  for (const { id } of questions) {
    if (ids.has(id))
      throw new AppError("invalid_request", { message: `Two questions have the id "${id}". Give each its own.` });
    ids.add(id);
  }
}
