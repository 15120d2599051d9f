import { commonIndices, commonLength, type Places, placesOf } from "./common-subsequence.ts";
import { joinSignature, needReferences } from "./corpus-metric.ts";
import { countOf, createVocabulary, matchNgrams } from "./ngrams.ts";
import { porterStem } from "./porter-stem.ts";

/** `rouge1` to `rouge9` count n-grams, `rougeL` reads a text as one sentence, `rougeLsum` reads each line as one. */
export type RougeKind = `rouge${1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9}` | "rougeL" | "rougeLsum";

export type RougeOptions = {
  /** Compares stems of words of more than three letters. */
  readonly stemmer?: boolean;
};

/** Each from 0 to 1. */
export type RougeScore = { readonly precision: number; readonly recall: number; readonly fMeasure: number };

const NOTHING: RougeScore = { precision: 0, recall: 0, fMeasure: 0 };
/** Stems that are remembered; natural language has few words often. */
const MOST_STEMS = 50_000;

/**
 * One kind of ROUGE (Lin, 2004) as in rouge-score 0.1.2. A corpus's score is the mean of its items' F-measures. ROUGE
 * reads only the letters a to z and digits. `score` is null if no reference contains any of them (rouge-score returns
 * 0). Of several references, the first with the best F-measure counts.
 */
export function createRouge(kind: RougeKind, { stemmer = false }: RougeOptions = {}) {
  const tokenize = createRougeTokenizer(stemmer);
  const scoreOne = SCORERS[kind === "rougeL" || kind === "rougeLsum" ? kind : "ngrams"];
  const order = Number(kind.slice(-1));

  return {
    name: kind,
    signature: (references: number | "var") =>
      joinSignature([
        ["nrefs", references],
        ["kind", kind],
        ["stem", stemmer],
        ["multi", "best-f"],
        ["version", "rouge-score-0.1.2"],
      ]),
    /** Throws a RangeError when there is no reference. */
    score(prediction: string, references: readonly string[]): RougeScore | null {
      needReferences(kind, references);
      if (!references.some(isReadable)) return null;
      let best: RougeScore | undefined;
      for (const reference of references) {
        const score = scoreOne(reference, prediction, { tokenize, order });
        if (!best || score.fMeasure > best.fMeasure) best = score;
      }
      return best ?? null;
    },
  };
}

/** Whether ROUGE finds a token in a text: it reads ASCII letters and digits only. */
const isReadable = (text: string) => /[a-z0-9]/.test(text.toLowerCase());

type Tokenize = (text: string) => string[];
type Reading = { readonly tokenize: Tokenize; readonly order: number };

function createRougeTokenizer(stemmer: boolean): Tokenize {
  const stems = new Map<string, string>();
  const stemOf = (word: string) => {
    if (word.length <= 3) return word;
    const known = stems.get(word);
    if (known !== undefined) return known;
    if (stems.size >= MOST_STEMS) stems.clear();
    const stem = porterStem(word);
    stems.set(word, stem);
    return stem;
  };
  return (text) => {
    const words: string[] = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
    return stemmer ? words.map(stemOf) : words;
  };
}

const SCORERS = { ngrams: scoreNgrams, rougeL: scoreCommon, rougeLsum: scoreSummary } as const;

function scoreNgrams(reference: string, prediction: string, { tokenize, order }: Reading): RougeScore {
  const vocabulary = createVocabulary<string>();
  const target = vocabulary.add(tokenize(reference));
  const own = vocabulary.find(tokenize(prediction));
  const matches = matchNgrams(own, [target], order);
  return scoreOf(matches.at(-1) ?? 0, {
    inPrediction: Math.max(countOf(own.length, order), 1),
    inReference: Math.max(countOf(target.length, order), 1),
  });
}

function scoreCommon(reference: string, prediction: string, { tokenize }: Reading): RougeScore {
  const vocabulary = createVocabulary<string>();
  const target = vocabulary.add(tokenize(reference));
  const own = vocabulary.find(tokenize(prediction));
  if (target.length === 0 || own.length === 0) return NOTHING;
  return scoreOf(commonLength(target, placesOf(own)), { inPrediction: own.length, inReference: target.length });
}

/** For each line of the reference, the tokens that any line of the prediction shares with it in order, each token counted as often as both have it. */
function scoreSummary(reference: string, prediction: string, { tokenize }: Reading): RougeScore {
  const vocabulary = createVocabulary<string>();
  const target = linesOf(reference).map((line) => vocabulary.add(tokenize(line)));
  const own = linesOf(prediction).map((line) => vocabulary.find(tokenize(line)));
  const counts = { inPrediction: lengthOf(own), inReference: lengthOf(target) };
  if (counts.inPrediction === 0 || counts.inReference === 0) return NOTHING;

  const left = [countEach(own, vocabulary.size()), countEach(target, vocabulary.size())] as const;
  const places = [...new Map(own.map((line) => [line.join(), line])).values()].map(placesOf);
  let hits = 0;
  for (const line of target) {
    for (const at of unionOf(line, places)) {
      const token = line[at] ?? 0;
      const [inPrediction, inReference] = [left[0][token] ?? 0, left[1][token] ?? 0];
      if (inPrediction === 0 || inReference === 0) continue;
      left[0][token] = inPrediction - 1;
      left[1][token] = inReference - 1;
      hits += 1;
    }
  }
  return scoreOf(hits, counts);
}

const linesOf = (text: string) => text.split("\n").filter((line) => line !== "");

const lengthOf = (lines: readonly Int32Array[]) => lines.reduce((sum, { length }) => sum + length, 0);

/** The number of occurrences of each token in the lines. */
function countEach(lines: readonly Int32Array[], size: number): Int32Array {
  const counts = new Int32Array(size);
  for (const line of lines) for (const token of line) if (token >= 0) counts[token] = (counts[token] ?? 0) + 1;
  return counts;
}

/** The indices into the line that its longest common subsequence with any of the others takes, ascending. */
function unionOf(line: Int32Array, others: readonly Places[]): number[] {
  const usedPlaces = new Set<number>();
  for (const other of others) {
    if (usedPlaces.size === line.length) break;
    if (!line.some((token) => other.of.has(token))) continue;
    for (const at of commonIndices(line, other)) usedPlaces.add(at);
  }
  return [...usedPlaces].sort((a, b) => a - b);
}

function scoreOf(
  shared: number,
  { inPrediction, inReference }: { inPrediction: number; inReference: number },
): RougeScore {
  const [precision, recall] = [shared / inPrediction, shared / inReference];
  const fMeasure = precision + recall > 0 ? (2 * precision * recall) / (precision + recall) : 0;
  return { precision, recall, fMeasure };
}
