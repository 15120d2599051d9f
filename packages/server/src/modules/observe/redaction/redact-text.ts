import type { PrivacyField } from "@treadle/contract";
import { replaceFindings } from "@treadle/guards";
import type { Placeholders } from "./placeholder.ts";
import type { PrivacyReport } from "./privacy-report.ts";
import type { PrivacyRules } from "./rules.ts";
import { joinPlaces, type PrivatePlace, type Scan, withoutEscapes } from "./scan-text.ts";

/** A longer text is not scanned as a whole. */
export const LONGEST_TEXT = 1_000_000;
/** More texts of one span are not scanned. */
const LONGEST_SPAN = 4_000_000;
/** Nothing that detectors find is longer, so a value that is cut in two is within it. */
const LONGEST_VALUE = 8_500;
/** Short texts are scanned with their key, which can name what they are. */
const LONGEST_NAMED = 200;

export type TextDeps = {
  readonly scan: Scan;
  readonly placeholders: Placeholders;
  readonly report: PrivacyReport;
} & Pick<PrivacyRules, "replacement" | "failure">;

export type TextPlace = {
  readonly field: PrivacyField;
  /** The name of the text in its object. */
  readonly key?: string | undefined;
  /** Places that are known from elsewhere. */
  readonly known?: readonly PrivatePlace[] | undefined;
  /** Whether findings are hashed whatever the rules say. */
  readonly isId?: boolean | undefined;
};
export type RedactText = (text: string, place: TextPlace) => string;

/** Redacts the texts of one span. A text that cannot be scanned is withheld, or cut if the rules say so. */
export function createRedactText(deps: TextDeps): RedactText {
  let scanned = 0;
  return function redactText(text, place) {
    const part = Math.min(text.length, LONGEST_TEXT);
    const isScanned = scanned + part <= LONGEST_SPAN && (part === text.length || deps.failure === "cut");
    try {
      if (!isScanned) return withhold(deps, text, "too_long");
      scanned += part;
      return part < text.length ? redactBeginning(deps, text, place) : redactWhole(deps, text, place);
    } catch {
      return withhold(deps, text, "failed");
    }
  };
}

/** Escapes in a text that is not JSON itself are read if that finds more. */
function redactWhole(deps: TextDeps, text: string, place: TextPlace): string {
  const places = scanWithKey(deps.scan, text, place);
  const bare = withoutEscapes(text);
  if (bare === text) return replace(deps, { text, places }, place);
  const inBare = scanWithKey(deps.scan, bare, { ...place, known: undefined });
  return replace(deps, inBare.length > places.length ? { text: bare, places: inBare } : { text, places }, place);
}

/** The scanned part of a text, without its end, where a value can be cut in two. */
function redactBeginning(deps: TextDeps, text: string, place: TextPlace): string {
  deps.report.cut();
  const part = text.slice(0, LONGEST_TEXT);
  const end = LONGEST_TEXT - LONGEST_VALUE;
  const places = deps.scan(part).filter(({ start }) => start < end);
  const until = Math.max(end, places.at(-1)?.end ?? 0);
  const stored = replace(deps, { text: part.slice(0, until), places }, place);
  return `${stored}… [${text.length - until} characters were not scanned]`;
}

type Scanned = { readonly text: string; readonly places: readonly PrivatePlace[] };

function replace({ placeholders, report, replacement }: TextDeps, { text, places }: Scanned, place: TextPlace): string {
  report.found(place.field, places);
  const isHashed = replacement === "hash" || place.isId === true;
  return replaceFindings(text, places, (value, { kind }) =>
    isHashed ? placeholders.hash(kind, value) : placeholders.label(kind),
  );
}

function withhold({ report }: TextDeps, { length }: string, reason: "too_long" | "failed"): string {
  report.withheld(reason);
  return `[withheld: ${length} characters ${reason === "failed" ? "could not be scanned" : "are too many to scan"}]`;
}

/** The private places of a text. A key such as `password` tells what a short text is. */
function scanWithKey(scan: Scan, text: string, { key = "", known = [] }: TextPlace): readonly PrivatePlace[] {
  const name = text.length <= LONGEST_NAMED ? key.slice(Math.max(key.lastIndexOf("."), key.lastIndexOf("/")) + 1) : "";
  const prefix = name === "" ? "" : `${name}: `;
  const places = scan(prefix + text);
  const own = prefix === "" ? places : places.flatMap((place) => withoutPrefix(place, prefix.length));
  return known.length > 0 ? joinPlaces([...own, ...known]) : own;
}

const withoutPrefix = ({ start, end, kind }: PrivatePlace, length: number): PrivatePlace[] =>
  end > length ? [{ start: Math.max(0, start - length), end: end - length, kind }] : [];
