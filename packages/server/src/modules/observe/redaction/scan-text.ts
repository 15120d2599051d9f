import { type BoundDetector, bindDetector, DETECTORS, type Detector, prepareText, type Span } from "@treadle/guards";
import type { PrivacyRules } from "./rules.ts";

/** A place of a text that must not be stored, with the kind of what is there. */
export type PrivatePlace = Span & { readonly kind: string };
/** Throws if a detector fails. */
export type Scan = (text: string) => readonly PrivatePlace[];

const KNOWN: ReadonlyMap<string, Detector<never>> = new Map(Object.entries(DETECTORS));

/** Escapes of printable ASCII, except quotes and backslashes, which give texts their structure. */
const ESCAPES = /\\u00(2[013-9a-f]|[346][0-9a-f]|5[0-9abd-f]|7[0-9a-e])/gi;

/** The text without JSON's escapes of plain letters and signs, which would hide a value from detectors. */
export const withoutEscapes = (text: string): string =>
  text.includes("\\u00")
    ? text.replace(ESCAPES, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)))
    : text;

/** A detector that this version does not have fails on each text, so that the text is withheld. */
function bind({ detector, options }: PrivacyRules["detectors"][number]): Pick<BoundDetector, "find"> {
  const known = KNOWN.get(detector);
  if (known) return bindDetector(known, options as never);
  return {
    find() {
      throw new Error(`there is no detector "${detector}"`);
    },
  };
}

/** Finds the private places of a text, in order and without overlaps. */
export function createScan({ detectors }: Pick<PrivacyRules, "detectors">): Scan {
  const bound = detectors.map(bind);
  const scan = (text: string) => {
    const prepared = prepareText(text);
    return joinPlaces(bound.flatMap((detector) => detector.find(prepared)));
  };
  return rememberShort(scan);
}

/** Names, ids and attributes repeat from span to span. */
const LONGEST_REMEMBERED = 120;
const MOST_REMEMBERED = 20_000;

function rememberShort(scan: Scan): Scan {
  const results = new Map<string, readonly PrivatePlace[]>();
  return (text) => {
    if (text.length > LONGEST_REMEMBERED) return scan(text);
    const existing = results.get(text);
    if (existing) return existing;
    const places = scan(text);
    if (results.size >= MOST_REMEMBERED) results.clear();
    results.set(text, places);
    return places;
  };
}

/** Places that overlap become one. It has the kind of the longest: all of it must go, whichever detector found it. */
export function joinPlaces(places: readonly PrivatePlace[]): PrivatePlace[] {
  const joined: (PrivatePlace & { readonly longest: number })[] = [];
  for (const { start, end, kind } of places.toSorted((one, two) => one.start - two.start || two.end - one.end)) {
    if (end <= start) continue;
    const last = joined.at(-1);
    const longest = end - start;
    if (!last || start >= last.end) joined.push({ start, end, kind, longest });
    else
      joined[joined.length - 1] = {
        start: last.start,
        end: Math.max(last.end, end),
        kind: longest > last.longest ? kind : last.kind,
        longest: Math.max(longest, last.longest),
      };
  }
  return joined.map(({ start, end, kind }) => ({ start, end, kind }));
}
