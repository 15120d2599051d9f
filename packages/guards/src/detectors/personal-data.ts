import type { Detector } from "../detector.ts";
import { createPatternSearch, type Match } from "../patterns/find-patterns.ts";
import type { Pattern, PrivateGroup } from "../patterns/pattern.ts";
import { BIRTH_HINTS } from "../personal/births.ts";
import { PERSONAL_PATTERNS } from "../personal/personal-patterns.ts";
import { phonesOf } from "../personal/phones.ts";
import { openGroups } from "../stream/open-groups.ts";
import { LONGEST_RUN, openRun } from "../stream/open-run.ts";
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
const searches = new Map<string, (text: string) => Match[]>();

/** Contact data, accounts, identity numbers and dates of birth, in any form of the text. */
export const personalData: Detector<PersonalDataOptions> = {
  name: "personal-data",
  version: 1,
  isDeterministic: true,
  need: { upTo: LONGEST_RUN },
  openFrom: (text) => Math.min(openRun(text), openGroups(text), openNumber(text), openBirth(text)),
  find(prepared, options) {
    const search = searchOf(options);
    return findInViews("personal-data", prepared, (text) =>
      search(text).map(({ start, end, score, pattern }) => ({ start, end, score, kind: pattern.kind })),
    );
  },
};

function searchOf({ groups, countries }: PersonalDataOptions): (text: string) => Match[] {
  const key = `${groups?.toSorted().join() ?? "all"} ${countries?.toSorted().join() ?? "all"}`;
  const existing = searches.get(key);
  if (existing) return existing;
  const search = createPatternSearch(choosePatterns({ groups, countries }));
  if (searches.size >= MOST_SEARCHES) searches.clear();
  searches.set(key, search);
  return search;
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
const NOT_DIGITS = /\D{0,60}$/;

/** A longer word with digits is a token and no identity number. */
const LONGEST_NUMBER = 24;
const WORD_END = /\S{1,25}$/;

/** The place from which a number may still get a name: it has five digits or more, and the text ends soon after it. */
function openNumber(text: string): number {
  const end = text.length - (NOT_DIGITS.exec(text.slice(-NAMED_WITHIN))?.[0].length ?? 0);
  if (end === 0 || text.length - end >= NAMED_WITHIN) return text.length;
  const upTo = text.slice(0, end);
  if ((WORD_END.exec(upTo)?.[0].length ?? 0) > LONGEST_NUMBER) return text.length;
  const start = openGroups(upTo);
  return (text.slice(start, end).match(/\d/g)?.length ?? 0) >= FEWEST_DIGITS ? start : text.length;
}

/** As much as a date of birth may take after the word that says what it is. */
const BIRTH_REACH = 72;
const BIRTH = new RegExp(`(?:${BIRTH_HINTS.join("|")})`, "i");

/** The place from which a date of birth may begin or go on. */
function openBirth(text: string): number {
  const from = Math.max(0, text.length - BIRTH_REACH);
  const place = text.slice(from).search(BIRTH);
  return place < 0 ? text.length : from + place;
}
