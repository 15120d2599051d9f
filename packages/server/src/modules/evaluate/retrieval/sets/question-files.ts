import type { QuestionFormat, QuestionJudgement, RetrievalQuestionSet } from "@treadle/contract";
import { readTrecQrels, type TrecQrels, writeTrecQrels } from "@treadle/metrics";
import { AppError } from "../../../../kernel/errors.ts";
import type { Scope } from "../../../../kernel/scope.ts";
import type { RetrievalDeps } from "../stores/deps.ts";
import { createQuestionStore, type NewQuestion, type QuestionRow } from "../stores/question-store.ts";
import type { FindDocument } from "./documents-of.ts";
import { findSet } from "./find-set.ts";
import { getSet } from "./question-sets.ts";
import { putQuestions } from "./questions.ts";
import { createReadJudgements } from "./read-judgements.ts";
import { readJsonLines, readTopics } from "./read-topics.ts";

type Upload = { readonly format: QuestionFormat; readonly bytes: Uint8Array };
const HIGHEST_GRADE = 3;

export const createQuestionFiles = (deps: RetrievalDeps) => ({ ...createImport(deps), ...createExport(deps) });

function createImport(deps: RetrievalDeps) {
  const { db, audit } = deps;
  return {
    async importQuestions(scope: Scope, setId: string, { format, bytes }: Upload): Promise<RetrievalQuestionSet> {
      const { baseId } = await findSet(db, scope, setId);
      const rows = await createQuestionStore(db).listAll(setId);
      const reader = createReadJudgements(deps, { scope, baseId });
      const text = decode(bytes);
      const read = {
        jsonl: () => reader.readQuestions(readJsonLines(text)),
        topics: async () => addTopics(text, rows),
        qrels: () => addQrels(parseQrels(text), { rows, findDocument: reader.findDocument }),
      };
      const questions = await read[format]();
      await db.transaction(async (tx) => {
        await putQuestions(deps, tx, { scope, setId, read: questions });
        const details = { format, questions: questions.length };
        await audit.record(scope, { action: "question-set.import", target: setId, details }, tx);
      });
      return getSet(db, scope, setId);
    },
  };
}

function createExport({ db }: RetrievalDeps) {
  return {
    /** The questions as a file. */
    async exportQuestions(scope: Scope, setId: string, format: QuestionFormat) {
      const { name } = await findSet(db, scope, setId);
      const rows = await createQuestionStore(db).listAll(setId);
      const write = {
        jsonl: () => rows.map((row) => `${JSON.stringify(toLine(row))}\n`).join(""),
        topics: () => rows.map(({ id, question }) => `${id}\t${question.replaceAll(/\s+/g, " ")}\n`).join(""),
        qrels: () => writeTrecQrels(toQrels(rows)),
      };
      const extension = format === "jsonl" ? "jsonl" : "txt";
      return { name: `${name.replaceAll(/[^\w-]/g, "_")}-${format}.${extension}`, text: write[format]() };
    },
  };
}

function decode(bytes: Uint8Array): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replaceAll("\0", "");
  } catch (cause) {
    throw new AppError("invalid_request", { message: "The file is not UTF-8. Save it as UTF-8 and retry.", cause });
  }
}

/** Topics change the text of questions that exist, and leave their judgements. */
function addTopics(text: string, rows: readonly QuestionRow[]): NewQuestion[] {
  const relevant = new Map(rows.map((row) => [row.id, row.relevant]));
  const topics = readTopics(text).map(({ questionId, question }) => [questionId, question] as const);
  return Array.from(new Map(topics), ([id, question]) => ({ id, question, relevant: relevant.get(id) ?? [] }));
}

function parseQrels(text: string): TrecQrels {
  try {
    return readTrecQrels(text);
  } catch (cause) {
    if (!(cause instanceof SyntaxError)) throw cause;
    throw new AppError("invalid_request", { message: cause.message, cause });
  }
}

type Known = { readonly rows: readonly QuestionRow[]; readonly findDocument: FindDocument };

/** Qrels replace judgements of whole documents. Relevance below 0 is not judged. */
async function addQrels(qrels: TrecQrels, { rows, findDocument }: Known): Promise<NewQuestion[]> {
  const known = new Map(rows.map((row) => [row.id, row]));
  const changed: NewQuestion[] = [];
  for (const [id, judged] of qrels) {
    const row = known.get(id);
    if (!row)
      throw new AppError("invalid_request", { message: `The set has no question "${id}". Import its topic first.` });
    const added: QuestionJudgement[] = [];
    for (const [document, grade] of judged) {
      if (grade < 0) continue;
      checkGrade(id, grade);
      added.push({ documentId: await findDocument(document), start: null, end: null, quote: null, grade });
    }
    const isReplaced = ({ documentId, start }: QuestionJudgement) =>
      start === null && added.some((one) => one.documentId === documentId);
    changed.push({
      id,
      question: row.question,
      relevant: [...row.relevant.filter((one) => !isReplaced(one)), ...added],
    });
  }
  return changed;
}

function checkGrade(id: string, grade: number): void {
  if (grade > HIGHEST_GRADE)
    throw new AppError("invalid_request", {
      message: `Question "${id}" has the relevance ${grade}. It must be ${HIGHEST_GRADE} or less.`,
    });
}

/** In the form that an import reads. */
const toLine = ({ id, question, relevant }: QuestionRow) => ({
  questionId: id,
  question,
  relevant: relevant.map(({ documentId, start, end, grade }) => ({
    documentId,
    ...(start !== null && end !== null && { start, end }),
    grade,
  })),
});

/** A document has the highest grade of its spans. */
function toQrels(rows: readonly QuestionRow[]): TrecQrels {
  const qrels = new Map<string, Map<string, number>>();
  for (const { id, relevant } of rows) {
    const grades = new Map<string, number>();
    for (const { documentId, grade } of relevant) grades.set(documentId, Math.max(grade, grades.get(documentId) ?? 0));
    if (grades.size > 0) qrels.set(id, grades);
  }
  return qrels;
}
