import { addUnit, bucketOf, foldUnit, pairBucket, startHash, wordBucket } from "./hash.ts";
import { countToken, newUnitState, type UnitState } from "./unit-counts.ts";
import { WORD_CLASSES } from "./word-classes.ts";

/** A sentence, or a part of a long one. `from` and `to` are its buckets in `Scan.buckets`. */
export type Unit = {
  readonly start: number;
  readonly end: number;
  readonly from: number;
  readonly to: number;
  /** How often each thing of `DENSE_COUNTS` occurs in it. */
  readonly counts: Float32Array;
};

/** The features of a text, sentence by sentence. */
export type Scan = { readonly buckets: Int32Array; readonly units: readonly Unit[] };

/** A sentence that is longer is cut at the next space. */
const LONGEST_UNIT = 320;
/** A run of letters without a space is cut here. Only Chinese, Japanese and encoded text have such runs. */
const LONGEST_WORD = 64;
const [WORD_START, WORD_END] = [0x02, 0x03];

const SPACE = 0;
const LETTER = 1;
const MARK = 2;

const ASCII_KINDS = Uint8Array.from({ length: 128 }, (_, unit) => {
  if (unit <= 0x20) return SPACE;
  return /[A-Za-z0-9_']/.test(String.fromCharCode(unit)) ? LETTER : MARK;
});
function kindOf(unit: number): number {
  if (unit < 0x80) return ASCII_KINDS[unit] ?? MARK;
  if (unit === 0x2019) return LETTER;
  if (unit === 0xa0 || unit === 0x3000 || unit === 0x2028 || unit === 0x2029) return SPACE;
  const isMark =
    unit <= 0xbf || (unit >= 0x2000 && unit <= 0x2bff) || (unit >= 0x3001 && unit <= 0x303f) || unit >= 0xfe00;
  return isMark ? MARK : LETTER;
}

const isEndOfLine = (unit: number) => unit === 0x0a || unit === 0x2028 || unit === 0x2029;
/** . ! ? and their full-width forms. */
const endsSentence = (unit: number) =>
  unit === 0x2e || unit === 0x21 || unit === 0x3f || unit === 0x3002 || unit === 0xff01 || unit === 0xff1f;

/** A place in a text that is being read, and what was read of the current sentence. */
type Reader = {
  readonly text: string;
  readonly buckets: Int32Array;
  readonly units: Unit[];
  count: number;
  previous: number;
  unit: UnitState;
  unitStart: number;
  unitFrom: number;
};

/** Reads the features of a text in one pass. The work is proportional to its length; the caller limits that. */
export function scan(text: string): Scan {
  const reader: Reader = {
    text,
    // A word of n units has at most 3n − 3 n-grams, itself and its pair; a run of marks adds two.
    buckets: new Int32Array(text.length * 3 + 8),
    units: [],
    count: 0,
    previous: 0,
    unit: newUnitState(),
    unitStart: 0,
    unitFrom: 0,
  };
  let place = 0;
  while (place < text.length) place = readNext(reader, place);
  endUnit(reader, text.length);
  return { buckets: reader.buckets, units: reader.units };
}

/** Reads one token or one space; returns the place after it. */
function readNext(reader: Reader, place: number): number {
  const first = reader.text.charCodeAt(place);
  const kind = kindOf(first);
  if (kind === SPACE) {
    if (isEndOfLine(first) || place - reader.unitStart >= LONGEST_UNIT) endUnit(reader, place + 1);
    return place + 1;
  }
  const end = kind === LETTER ? readWord(reader, place) : readMarks(reader, place);
  const isEnd = kind === MARK && endsSentence(first) && (end >= reader.text.length || isSpaceAt(reader, end));
  if (isEnd || end - reader.unitStart >= 2 * LONGEST_UNIT) endUnit(reader, end);
  return end;
}

const isSpaceAt = ({ text }: Reader, place: number) =>
  kindOf(text.charCodeAt(place)) === SPACE || text.charCodeAt(place - 1) > 0x7f;

function endUnit(reader: Reader, end: number): void {
  if (reader.unit.tokens > 0) {
    const { count, unitFrom, unitStart, unit } = reader;
    reader.units.push({ start: unitStart, end, from: unitFrom, to: count, counts: unit.counts });
    reader.unit = newUnitState();
  }
  reader.previous = 0;
  reader.unitStart = end;
  reader.unitFrom = reader.count;
}

/** Its character n-grams of 3 to 5 units with its edges, the word, and the pair with the word before it. */
function readWord(reader: Reader, start: number): number {
  const { text } = reader;
  const most = Math.min(text.length, start + LONGEST_WORD);
  let end = start;
  let [hash, capitals, digits, vowels] = [startHash(), 0, 0, 0];
  while (end < most) {
    const raw = text.charCodeAt(end);
    if (kindOf(raw) !== LETTER) break;
    const unit = foldUnit(raw);
    if (unit !== raw && unit !== 0x30) capitals += 1;
    if (unit === 0x30) digits += 1;
    if (unit > 0x7f || VOWELS[unit] === 1) vowels += 1;
    hash = addUnit(hash, unit);
    end += 1;
  }
  addGrams(reader, start, end);
  addToken(reader, hash);
  const classes = WORD_CLASSES.get(hash) ?? 0;
  countToken(reader.unit, { classes, length: end - start, capitals, digits, vowels, mark: 0 });
  return end;
}

const VOWELS = Uint8Array.from({ length: 128 }, (_, unit) => ("aeiouy".includes(String.fromCharCode(unit)) ? 1 : 0));

function addGrams(reader: Reader, start: number, end: number): void {
  const { text, buckets } = reader;
  let count = reader.count;
  // Place start − 1 and place end stand for the edges of the word.
  for (let first = start - 1; first <= end - 2; first += 1) {
    let hash = startHash();
    const last = Math.min(first + 4, end);
    for (let place = first; place <= last; place += 1) {
      const unit = place < start ? WORD_START : place === end ? WORD_END : foldUnit(text.charCodeAt(place));
      hash = addUnit(hash, unit);
      if (place >= first + 2) buckets[count++] = bucketOf(hash);
    }
  }
  reader.count = count;
}

function addToken(reader: Reader, hash: number): void {
  reader.buckets[reader.count++] = wordBucket(hash);
  if (reader.previous !== 0) reader.buckets[reader.count++] = pairBucket(reader.previous, hash);
  reader.previous = hash;
}

/** Up to 8 marks in a row are a token. */
function readMarks(reader: Reader, start: number): number {
  const { text } = reader;
  const most = Math.min(text.length, start + 8);
  let [end, hash] = [start, startHash()];
  while (end < most) {
    const unit = text.charCodeAt(end);
    if (kindOf(unit) !== MARK) break;
    hash = addUnit(hash, unit);
    end += 1;
  }
  addToken(reader, hash);
  countToken(reader.unit, {
    classes: 0,
    length: end - start,
    capitals: 0,
    digits: 0,
    vowels: 0,
    mark: text.charCodeAt(start),
  });
  return end;
}
