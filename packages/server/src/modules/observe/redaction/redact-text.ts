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
export function createRedactText({ scan, placeholders, report, replacement, failure }: TextDeps): RedactText {
  let scanned = 0;

  function replace(text: string, places: readonly PrivatePlace[], { field, isId }: TextPlace): string {
    report.found(field, places);
    const isHashed = replacement === "hash" || isId === true;
    return replaceFindings(text, places, (value, { kind }) =>
      isHashed ? placeholders.hash(kind, value) : placeholders.label(kind),
    );
  }

  function redactWhole(text: string, place: TextPlace): string {
    const plain = scanWithKey(scan, text, place);
    const bare = withoutEscapes(text);
    if (bare === text) return replace(text, plain, place);
    const inBare = scanWithKey(scan, bare, { ...place, known: undefined });
    return inBare.length > plain.length ? replace(bare, inBare, place) : replace(text, plain, place);
  }

  function redactLong(text: string, place: TextPlace): string {
    if (failure === "withhold" || scanned + LONGEST_TEXT > LONGEST_SPAN) return withhold(text, "too_long");
    scanned += LONGEST_TEXT;
    report.cut();
    const part = text.slice(0, LONGEST_TEXT);
    const places = scan(part);
    const end = LONGEST_TEXT - LONGEST_VALUE;
    const stored = places.filter(({ start }) => start < end);
    const until = Math.max(end, stored.at(-1)?.end ?? 0);
    return `${replace(part.slice(0, until), stored, place)}… [${text.length - until} characters were not scanned]`;
  }

  function withhold(text: string, reason: "too_long" | "failed"): string {
    report.withheld(reason);
    return `[withheld: ${text.length} characters ${reason === "failed" ? "could not be scanned" : "are too many to scan"}]`;
  }

  return function redactText(text, place) {
    try {
      if (text.length > LONGEST_TEXT || scanned + text.length > LONGEST_SPAN) return redactLong(text, place);
      scanned += text.length;
      return redactWhole(text, place);
    } catch {
      return withhold(text, "failed");
    }
  };
}

/** The private places of a text. A key such as `password` tells what a short text is. */
function scanWithKey(scan: Scan, text: string, { key = "", known = [] }: TextPlace): readonly PrivatePlace[] {
  const name = text.length <= LONGEST_NAMED ? key.slice(Math.max(key.lastIndexOf("."), key.lastIndexOf("/")) + 1) : "";
  const prefix = name === "" ? "" : `${name}: `;
  const places = scan(prefix + text);
  const own =
    prefix === ""
      ? places
      : places.flatMap(({ start, end, kind }) =>
          end > prefix.length ? [{ start: Math.max(0, start - prefix.length), end: end - prefix.length, kind }] : [],
        );
  return known.length > 0 ? joinPlaces([...own, ...known]) : own;
}
