import type { Detector } from "../detector.ts";
import { createPatternSearch, createQuickLook, type Match } from "../patterns/find-patterns.ts";
import { createKeywordSearch } from "../patterns/keywords.ts";
import type { Pattern, PrivateGroup } from "../patterns/pattern.ts";
import { BIRTH_HINTS } from "../personal/births.ts";
import { PERSONAL_PATTERNS } from "../personal/personal-patterns.ts";
import { phonesOf } from "../personal/phones.ts";
import { openGroups } from "../stream/open-groups.ts";
import { LONGEST_RUN, openRun, startOfRun } from "../stream/open-run.ts";
import { findInViews } from "./find-in-views.ts";

export type PersonalDataOptions = {
  /** All groups if nothing is given. */
  readonly groups?: readonly PrivateGroup[];
  /**
   * Two letters each, for example `de`. Limits identity numbers to these countries, and adds telephone numbers as they
   * are written there. Without countries all identity numbers are looked for.
   */
  readonly countries?: readonly string[];
};

/** A project has few policies, so few combinations are in use at a time. */
const MOST_SEARCHES = 200;
type Search = { readonly search: (text: string) => Match[]; readonly mayFind: (text: string) => boolean };
const searches = new Map<string, Search>();

/** Contact data, accounts, identity numbers and dates of birth, in any form of the text. */
export const personalData: Detector<PersonalDataOptions> = {
  name: "personal-data",
  version: 1,
  isDeterministic: true,
  need: { upTo: LONGEST_RUN },
  openFrom: (text) => Math.min(openRun(text), openGroups(text), openNumber(text), openBirth(text)),
  mayFind: (text, options) => searchOf(options).mayFind(text),
  find(prepared, options) {
    const { search } = searchOf(options);
    return findInViews("personal-data", prepared, (text) =>
      search(text).map(({ start, end, score, pattern }) => ({ start, end, score, kind: pattern.kind })),
    );
  },
};

function searchOf({ groups, countries }: PersonalDataOptions): Search {
  const key = `${groups?.toSorted().join() ?? "all"} ${countries?.toSorted().join() ?? "all"}`;
  const existing = searches.get(key);
  if (existing) return existing;
  const patterns = choosePatterns({ groups, countries });
  const made = { search: createPatternSearch(patterns), mayFind: createQuickLook(patterns) };
  if (searches.size >= MOST_SEARCHES) searches.clear();
  searches.set(key, made);
  return made;
}

function choosePatterns({ groups, countries }: PersonalDataOptions): Pattern[] {
  const ids = countries?.map((country) => country.toLowerCase());
  const isInCountry = ({ group, kind }: Pattern) => group !== "national-id" || !ids || ids.includes(kind.slice(0, 2));
  const local = (countries ?? []).map((country) => phonesOf(country.toUpperCase()));
  return [...PERSONAL_PATTERNS.filter(isInCountry), ...local].filter(({ group }) => groups?.includes(group) ?? true);
}

/** A word that many characters after a number can name its kind. */
const NAMED_WITHIN = 60;
const FEWEST_DIGITS = 5;
/** A longer word with digits is a token and no identity number. */
const LONGEST_NUMBER = 24;

/** The place from which a number may still get a name: it has five digits or more, and the text ends soon after it. */
function openNumber(text: string): number {
  const end = endOfLastDigit(text);
  if (end === 0 || end - startOfRun(text, end) > LONGEST_NUMBER) return text.length;
  const start = openGroups(text.slice(0, end));
  return (text.slice(start, end).match(/\d/g)?.length ?? 0) >= FEWEST_DIGITS ? start : text.length;
}

/** The place after the last digit near the end of a text; 0 if there is none. */
function endOfLastDigit(text: string): number {
  const first = Math.max(0, text.length - NAMED_WITHIN);
  for (let end = text.length; end > first; end--) {
    const code = text.charCodeAt(end - 1);
    if (code >= 48 && code <= 57) return end;
  }
  return 0;
}

/** As much as a date of birth may take after the word that says what it is. */
const BIRTH_REACH = 72;
const BIRTH = new RegExp(`(?:${BIRTH_HINTS.join("|")})`, "i");
const findBirthHints = createKeywordSearch(BIRTH_HINTS);

/** The place from which a date of birth may begin or go on. */
function openBirth(text: string): number {
  const from = Math.max(0, text.length - BIRTH_REACH);
  const end = text.slice(from);
  const place = findBirthHints(end.toLowerCase()).size === 0 ? -1 : end.search(BIRTH);
  return place < 0 ? text.length : from + place;
}
