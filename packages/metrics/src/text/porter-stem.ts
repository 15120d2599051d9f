// The Porter stemmer with NLTK's extensions (mode NLTK_EXTENSIONS, which is nltk.stem.PorterStemmer()'s), after nltk/stem/porter.py.

const IRREGULAR = new Map([
  ["sky", "sky"],
  ["skies", "sky"],
  ["dying", "die"],
  ["lying", "lie"],
  ["tying", "tie"],
  ["news", "news"],
  ["innings", "inning"],
  ["inning", "inning"],
  ["outings", "outing"],
  ["outing", "outing"],
  ["cannings", "canning"],
  ["canning", "canning"],
  ["howe", "howe"],
  ["proceed", "proceed"],
  ["exceed", "exceed"],
  ["succeed", "succeed"],
]);

type Rule = readonly [suffix: string, replacement: string];

const PLURALS: readonly Rule[] = [
  ["sses", "ss"],
  ["ies", "i"],
  ["ss", "ss"],
  ["s", ""],
];
const STEP_2: readonly Rule[] = [
  ["ational", "ate"],
  ["tional", "tion"],
  ["enci", "ence"],
  ["anci", "ance"],
  ["izer", "ize"],
  ["bli", "ble"],
  ["alli", "al"],
  ["entli", "ent"],
  ["eli", "e"],
  ["ousli", "ous"],
  ["ization", "ize"],
  ["ation", "ate"],
  ["ator", "ate"],
  ["alism", "al"],
  ["iveness", "ive"],
  ["fulness", "ful"],
  ["ousness", "ous"],
  ["aliti", "al"],
  ["iviti", "ive"],
  ["biliti", "ble"],
  ["fulli", "ful"],
];
const STEP_3: readonly Rule[] = [
  ["icate", "ic"],
  ["ative", ""],
  ["alize", "al"],
  ["iciti", "ic"],
  ["ical", "ic"],
  ["ful", ""],
  ["ness", ""],
];
const STEP_4: readonly Rule[] = [
  "al,ance,ence,er,ic,able,ible,ant,ement,ment,ent,ion,ou,ism,ate,iti,ous,ive,ize",
].flatMap((suffixes) => suffixes.split(",").map((suffix): Rule => [suffix, ""]));

/** The stem of a word, in lower case. */
export function porterStem(word: string): string {
  const lower = word.toLowerCase();
  const irregular = IRREGULAR.get(lower);
  if (irregular !== undefined) return irregular;
  if (word.length <= 2) return lower;
  if (/[\ud800-\udfff]/.test(lower)) return stemBeyondTheFirstPlane(word, lower);
  return stemLower(lower);
}

/**
 * The rules count characters, so each code point with two code units is replaced by a character that the word does not
 * contain.
 */
function stemBeyondTheFirstPlane(word: string, lower: string): string {
  if (Array.from(word).length <= 2) return lower;
  const stands = new Map<string, string>();
  let next = 0xe000;
  const short = lower.replace(/[\ud800-\udbff][\udc00-\udfff]/g, (point) => {
    const known = stands.get(point);
    if (known !== undefined) return known;
    while (lower.includes(String.fromCharCode(next))) next += 1;
    const stand = String.fromCharCode(next);
    next += 1;
    stands.set(point, stand);
    return stand;
  });
  const points = new Map(Array.from(stands, ([point, stand]) => [stand, point]));
  return Array.from(stemLower(short), (unit) => points.get(unit) ?? unit).join("");
}

function stemLower(word: string): string {
  const singular = step1a(word);
  const base = step1c(step1b(singular));
  const derived = applyRules(step2(base), STEP_3, (stem) => measure(stem) > 0);
  return step5(step4(derived));
}

function step1a(word: string): string {
  if (word.length === 4 && word.endsWith("ies")) return `${word.slice(0, -3)}ie`;
  return applyRules(word, PLURALS, () => true);
}

function step1b(word: string): string {
  if (word.endsWith("ied")) return word.slice(0, -3) + (word.length === 4 ? "ie" : "i");
  if (word.endsWith("eed")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  const suffix = ["ed", "ing"].find((ending) => word.endsWith(ending) && hasVowel(word.slice(0, -ending.length)));
  if (!suffix) return word;
  const stem = word.slice(0, -suffix.length);
  if (stem.endsWith("at") || stem.endsWith("bl") || stem.endsWith("iz")) return `${stem}e`;
  if (endsInDoubleConsonant(stem)) return /[lsz]$/.test(stem) ? stem : stem.slice(0, -1);
  return measure(stem) === 1 && endsShort(stem) ? `${stem}e` : stem;
}

function step1c(word: string): string {
  if (!word.endsWith("y")) return word;
  const stem = word.slice(0, -1);
  return stem.length > 1 && consonants(stem)[stem.length - 1] ? `${stem}i` : word;
}

function step2(word: string): string {
  if (word.endsWith("alli") && measure(word.slice(0, -4)) > 0) return step2(word.slice(0, -2));
  if (word.endsWith("logi")) return measure(word.slice(0, -3)) > 0 ? word.slice(0, -1) : word;
  return applyRules(word, STEP_2, (stem) => measure(stem) > 0);
}

function step4(word: string): string {
  return applyRules(
    word,
    STEP_4,
    (stem, suffix) => measure(stem) > 1 && (suffix !== "ion" || stem.endsWith("s") || stem.endsWith("t")),
  );
}

function step5(word: string): string {
  const stem = word.slice(0, -1);
  const vowels = word.endsWith("e") ? measure(stem) : 0;
  const rest = vowels > 1 || (vowels === 1 && !endsShort(stem)) ? stem : word;
  return rest.endsWith("ll") && measure(rest.slice(0, -1)) > 1 ? rest.slice(0, -1) : rest;
}

/** The first rule whose suffix the word has decides, also when its condition does not hold. */
function applyRules(word: string, rules: readonly Rule[], holds: (stem: string, suffix: string) => boolean): string {
  for (const [suffix, replacement] of rules) {
    if (!word.endsWith(suffix)) continue;
    const stem = word.slice(0, word.length - suffix.length);
    return holds(stem, suffix) ? stem + replacement : word;
  }
  return word;
}

/** Which letters are consonants: all but a, e, i, o, u, and y after a consonant. */
function consonants(word: string): boolean[] {
  const flags: boolean[] = [];
  for (let at = 0; at < word.length; at += 1) {
    const letter = word[at] ?? "";
    flags.push(letter === "y" ? at === 0 || !flags[at - 1] : !"aeiou".includes(letter));
  }
  return flags;
}

/** How often a consonant follows a vowel. */
function measure(stem: string): number {
  const flags = consonants(stem);
  let count = 0;
  for (let at = 1; at < flags.length; at += 1) if (flags[at] && !flags[at - 1]) count += 1;
  return count;
}

const hasVowel = (stem: string) => consonants(stem).includes(false);

const endsInDoubleConsonant = (word: string) =>
  word.length >= 2 && word.at(-1) === word.at(-2) && consonants(word)[word.length - 1] === true;

/** Consonant, vowel, consonant other than w, x and y; or, as NLTK has it, just a vowel and a consonant. */
function endsShort(word: string): boolean {
  const [first, middle, last] = word.length === 2 ? [true, ...consonants(word)] : consonants(word).slice(-3);
  return first === true && middle === false && last === true && (word.length === 2 || !/[wxy]$/.test(word));
}
