import type { Hit } from "../detectors/find-in-views.ts";
import { findRuns, type Run, type RunWord } from "./find-runs.ts";
import { loadNameLists, type NameLists } from "./name-lists.ts";
import { CUES, GREETINGS, NOT_PEOPLE, OTHER_NAMES, PARTICLES, PLACE_CUES, SALUTATIONS, TITLES } from "./name-words.ts";

/** How certain each form of a name is. Measured in docs/reference/guard-results.md. */
const SCORES = {
  listedWhole: 0.95,
  title: 0.9,
  listedPlace: 0.85,
  listedGiven: 0.8,
  cue: 0.75,
  listedFamily: 0.7,
  given: 0.6,
  words: 0.55,
  word: 0.3,
} as const;

const MOST_NAME_WORDS = 4;
const MOST_PLACE_WORDS = 4;
const CUE_REACH = 24;
/** Its first word has a capital anyway. */
const SENTENCE_START = /^$|[.!?:\n"(|*#>-]\s*$/;

/** Names of people and places in a text, each once. */
export function* findNames(text: string): Generator<Hit> {
  const lists = loadNameLists();
  for (const run of findRuns(text))
    yield* namesIn(run, text.slice(Math.max(0, (run[0]?.start ?? 0) - CUE_REACH), run[0]?.start), lists);
}

type Name = {
  readonly words: number;
  readonly kind: "person" | "place";
  readonly score: number;
  readonly skip?: number;
};

function* namesIn(run: Run, before: string, lists: NameLists): Generator<Hit> {
  for (let at = 0; at < run.length; ) {
    const rest = run.slice(at);
    const context = at === 0 ? before : " ";
    const name = placeAt(rest, context, lists) ?? personAt(rest, context, lists);
    const skip = name?.skip ?? 0;
    const [first, last] = [rest[skip], rest[skip + (name?.words ?? 1) - 1]];
    if (name && first && last) yield { start: first.start, end: last.end, kind: name.kind, score: name.score };
    at += skip + (name?.words ?? 1);
  }
}

const joined = (words: Run) => words.map(({ folded }) => folded).join(" ");

/** The longest listed place at the beginning of a run, or any name after words such as `born in`. */
function placeAt(run: Run, before: string, lists: NameLists): Name | null {
  for (let words = Math.min(MOST_PLACE_WORDS, run.length); words > 0; words--) {
    const part = joined(run.slice(0, words));
    // `Florence Smith` and `Austin Jones` are people.
    if (!lists.places.has(part) || (words === 1 && isGiven(part, lists) && isFamily(run[1], lists))) continue;
    const isPerson = words === 1 && (lists.given.has(part) || lists.family.has(part));
    if (!isPerson) return { words, kind: "place", score: SCORES.listedPlace };
    if (/\b(?:in|to|from|near|at)\s+$/i.test(before) && run.length === 1)
      return { words, kind: "place", score: SCORES.listedPlace };
  }
  if (!PLACE_CUES.test(before)) return null;
  const words = run.findIndex(({ folded }) => lists.words.has(folded));
  return words === 0 ? null : { words: words < 0 ? run.length : words, kind: "place", score: SCORES.cue };
}

const isGiven = (word: string, { given }: NameLists) =>
  given.has(word) || word.split("-").every((part) => given.has(part));
const isFamily = (word: RunWord | undefined, { family }: NameLists) =>
  word !== undefined && (family.has(word.folded) || word.folded.split("-").every((part) => family.has(part)));
const isInitial = ({ start, end }: RunWord) => end - start === 1;

function personAt(run: Run, before: string, lists: NameLists): Name | null {
  const [first] = run;
  if (!first) return null;
  if (TITLES.has(first.folded) || SALUTATIONS.has(first.folded)) return afterTitle(run, lists);
  if (GREETINGS.has(first.folded)) return null;
  const words = nameLength(run, lists);
  if (OTHER_NAMES.has(run[words]?.folded ?? "") || OTHER_NAMES.has(run[words - 1]?.folded ?? "")) return null;
  const isGivenName = isGiven(first.folded, lists);
  if (CUES.test(before) && (isGivenName || !lists.words.has(first.folded)))
    return { words, kind: "person", score: SCORES.cue };
  return byLists(run.slice(0, words), SENTENCE_START.test(before), lists);
}

function afterTitle(run: Run, lists: NameLists): Name | null {
  const isTitle = TITLES.has(run[0]?.folded ?? "");
  const name = run.slice(1);
  const first = name[0];
  if (!first || first.isParticle) return null;
  if (TITLES.has(first.folded)) {
    const inner = afterTitle(name, lists);
    return inner && { ...inner, skip: (inner.skip ?? 0) + 1 };
  }
  if (!isTitle && (NOT_PEOPLE.has(first.folded) || !first.isProper || first.end - first.start < 2)) return null;
  return { words: nameLength(name, lists), kind: "person", score: isTitle ? SCORES.title : SCORES.cue, skip: 1 };
}

/** How many words of a run a name at its beginning takes: a given name, others and initials, and a family name. */
function nameLength(run: Run, lists: NameLists): number {
  let words = 1;
  let families = 0;
  while (words < Math.min(run.length, MOST_NAME_WORDS + 2) && families < 2) {
    const word = run[words];
    if (!word || OTHER_NAMES.has(word.folded) || TITLES.has(word.folded)) break;
    if (!word.isParticle && !isInitial(word) && !isGiven(word.folded, lists)) families++;
    words++;
  }
  while (words > 1 && PARTICLES.has(run[words - 1]?.folded ?? "")) words--;
  return words;
}

function byLists(name: Run, isStart: boolean, lists: NameLists): Name | null {
  const [first, last] = [name[0], name.at(-1)];
  if (!first || !last) return null;
  const person = (score: number, words = name.length): Name => ({ words, kind: "person", score });
  const given = isGiven(first.folded, lists);
  const family = name.length > 1 && isFamily(last, lists);
  const [isFirstWord, isLastWord] = [lists.words.has(first.folded), lists.words.has(last.folded)];
  if (given && family)
    return person(isFirstWord && isLastWord ? (isStart ? SCORES.word : SCORES.words) : SCORES.listedWhole);
  if (given && !isFirstWord && first.isProper)
    return name.length > 1 && !isLastWord && last.isProper ? person(SCORES.listedGiven) : person(SCORES.given, 1);
  if (family && !isFirstWord && !isLastWord && !isStart && name.length === 2) return person(SCORES.listedFamily);
  return given ? person(SCORES.word, 1) : null;
}
