import type { Detector } from "../detector.ts";
import { createPatternSearch, type Match } from "../patterns/find-patterns.ts";
import type { Pattern, PrivateGroup } from "../patterns/pattern.ts";
import { PERSONAL_PATTERNS } from "../personal/personal-patterns.ts";
import { phonesOf } from "../personal/phones.ts";
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
  need: { upTo: 256 },
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
