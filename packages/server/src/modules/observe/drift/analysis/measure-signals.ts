import { type DriftItem, type DriftSide, FLAGS, type Flag } from "./drift-item.ts";
import { compareNumbers, compareShares, type Finding, type Marks, type Units } from "./finding.ts";

export type Sides = { readonly reference: DriftSide; readonly current: DriftSide };

const FLAG_LABELS: Readonly<Record<Flag, string>> = {
  refusal: "Refusals",
  invalidJson: "Responses that miss their JSON format",
  toolCalls: "Tool use",
  toolErrors: "Tool errors",
  guardHits: "Guard findings",
};
const FLAG_SIGNALS: Readonly<Record<Flag, string>> = {
  refusal: "refusals",
  invalidJson: "invalid-json",
  toolCalls: "tool-calls",
  toolErrors: "tool-errors",
  guardHits: "guard-hits",
};
/** Rarer languages are not compared. */
const LEAST_LANGUAGE = 0.02;
const MOST_LANGUAGES = 8;
export const UNKNOWN_LANGUAGE = "und";

export const unitsOf = ({ reference, current }: Sides): Units => ({
  reference: reference.items.map(({ unit }) => unit),
  current: current.items.map(({ unit }) => unit),
});

type Read = (item: DriftItem) => number | null;
const marksOf = ({ reference, current }: Sides, read: Read): Marks => ({
  reference: reference.items.map(read),
  current: current.items.map(read),
});

/** The signals that need no vectors. */
export function measureSignals(sides: Sides): Finding[] {
  const units = unitsOf(sides);
  const lengths = marksOf(sides, ({ length }) => length);
  const scores = marksOf(sides, ({ retrievalScore }) => retrievalScore);
  const found = [
    compareNumbers({ signal: "length", label: "Length" }, lengths, units),
    compareNumbers({ signal: "retrieval-score", label: "Retrieval score" }, scores, units),
    compareShares({ signal: "duplicates", label: "Duplicates" }, duplicatesOf(sides), units),
    ...FLAGS.map((flag) => {
      const name = { signal: FLAG_SIGNALS[flag], label: FLAG_LABELS[flag] };
      return compareShares(
        name,
        marksOf(sides, ({ flags }) => toMark(flags[flag])),
        units,
      );
    }),
    ...languagesOf(sides).map((language) => {
      const name = { signal: `language:${language}`, label: `Language: ${languageName(language)}` };
      const marks = marksOf(sides, (item) => Number(item.language === language));
      return compareShares(name, marks, units);
    }),
  ];
  return found.filter((one) => one !== null);
}

const toMark = (flag: boolean | undefined): number | null => (flag === undefined ? null : Number(flag));

/** Marks the texts that another text of the same side equals. */
function duplicatesOf({ reference, current }: Sides): Marks {
  const mark = ({ items }: DriftSide) => {
    const counts = new Map<string, number>();
    for (const { fingerprint } of items) counts.set(fingerprint, (counts.get(fingerprint) ?? 0) + 1);
    return items.map(({ fingerprint }) => Number((counts.get(fingerprint) ?? 0) > 1));
  };
  return { reference: mark(reference), current: mark(current) };
}

function languagesOf({ reference, current }: Sides): string[] {
  const shares = new Map<string, number>();
  for (const { items } of [reference, current])
    for (const { language } of items) shares.set(language, (shares.get(language) ?? 0) + 1 / items.length);
  return [...shares]
    .filter(([, share]) => share >= LEAST_LANGUAGE)
    .sort((one, other) => other[1] - one[1])
    .slice(0, MOST_LANGUAGES)
    .map(([language]) => language);
}

const NAMES = new Intl.DisplayNames("en", { type: "language", fallback: "code" });

/** Such as German for `de`. */
export function languageName(language: string): string {
  if (language === UNKNOWN_LANGUAGE) return "unknown";
  try {
    return NAMES.of(language) ?? language;
  } catch {
    // The detector has codes that are no language tags.
    return language;
  }
}
