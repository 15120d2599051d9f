/** The documents of each query with their scores, sorted as trec_eval sorts them: the best first. */
export type TrecRun = ReadonlyMap<string, readonly TrecResult[]>;
export type TrecResult = { readonly document: string; readonly score: number };

/** The judgements of each query: 0 is judged not relevant, from 1 relevant, below 0 not judged. */
export type TrecQrels = ReadonlyMap<string, ReadonlyMap<string, number>>;

const RUN_FIELDS = "query, Q0, document, rank, score and run name";
const QRELS_FIELDS = "query, iteration, document and relevance";

/**
 * Reads a TREC run: lines of query, Q0, document, rank, score and run name, separated by blanks. The ranks are ignored, as in
 * trec_eval: documents are sorted by score descending, ties by document id descending.
 * @throws SyntaxError with the line number if a line is malformed or a query has a document twice.
 */
export function readTrecRun(text: string): TrecRun {
  const run = new Map<string, Map<string, number>>();
  for (const { line, fields } of readLines(text, { count: 6, names: RUN_FIELDS })) {
    const [query = "", , document = "", , score = ""] = fields;
    const value = Number(score);
    if (!Number.isFinite(value)) throw new SyntaxError(`Line ${line}: the score "${score}" is not a number.`);
    add(run, { query, document, value, line });
  }
  return new Map(Array.from(run, ([query, scores]) => [query, sortResults(scores)]));
}

/**
 * Reads TREC qrels: lines of query, iteration (ignored), document and relevance, separated by blanks.
 * @throws SyntaxError with the line number if a line is malformed or a query has a document twice.
 */
export function readTrecQrels(text: string): TrecQrels {
  const qrels = new Map<string, Map<string, number>>();
  for (const { line, fields } of readLines(text, { count: 4, names: QRELS_FIELDS })) {
    const [query = "", , document = "", relevance = ""] = fields;
    if (!/^[+-]?\d+$/.test(relevance))
      throw new SyntaxError(`Line ${line}: the relevance "${relevance}" is not a whole number.`);
    add(qrels, { query, document, value: Number(relevance), line });
  }
  return qrels;
}

/** A run as lines that trec_eval reads, ranks from 1. Throws RangeError if an id is empty or holds blanks. */
export function writeTrecRun(run: TrecRun, name: string): string {
  mustBeWord("The run name", name);
  const lines = Array.from(run, ([query, results]) =>
    sortResults(new Map(results.map(({ document, score }) => [document, score]))).map(({ document, score }, at) => {
      mustBeWord("The query id", query);
      mustBeWord("The document id", document);
      if (!Number.isFinite(score)) throw new RangeError(`The score of document ${document} is ${score}.`);
      return `${query} Q0 ${document} ${at + 1} ${score} ${name}\n`;
    }),
  );
  return lines.flat().join("");
}

/** Qrels as lines that trec_eval reads. Throws RangeError if an id is empty or holds blanks, or a relevance is not whole. */
export function writeTrecQrels(qrels: TrecQrels): string {
  const lines = Array.from(qrels, ([query, judgements]) =>
    Array.from(judgements, ([document, relevance]) => {
      mustBeWord("The query id", query);
      mustBeWord("The document id", document);
      if (!Number.isInteger(relevance))
        throw new RangeError(`The relevance of document ${document} is ${relevance}. It must be a whole number.`);
      return `${query} 0 ${document} ${relevance}\n`;
    }),
  );
  return lines.flat().join("");
}

/** trec_eval stores scores in 32 bits, so scores that differ only beyond that are ties. */
export function sortResults(scores: ReadonlyMap<string, number>): TrecResult[] {
  return Array.from(scores, ([document, score]) => ({ document, score })).sort(
    (a, b) => Math.fround(b.score) - Math.fround(a.score) || (a.document < b.document ? 1 : -1),
  );
}

function* readLines(text: string, { count, names }: { readonly count: number; readonly names: string }) {
  for (const [at, content] of text.split(/\r\n|\n|\r/).entries()) {
    const fields = content.trim().split(/\s+/);
    if (fields[0] === "") continue;
    if (fields.length !== count)
      throw new SyntaxError(`Line ${at + 1} has ${fields.length} fields. It must have ${count}: ${names}.`);
    yield { line: at + 1, fields };
  }
}

type Entry = { readonly query: string; readonly document: string; readonly value: number; readonly line: number };

function add(queries: Map<string, Map<string, number>>, { query, document, value, line }: Entry): void {
  const documents = queries.get(query) ?? new Map<string, number>();
  if (documents.has(document))
    throw new SyntaxError(`Line ${line}: query ${query} has document ${document} already. Remove one of the lines.`);
  queries.set(query, documents.set(document, value));
}

function mustBeWord(what: string, value: string): void {
  if (!/^\S+$/.test(value))
    throw new RangeError(`${what} "${value}" is empty or holds blanks, which TREC files cannot hold.`);
}
