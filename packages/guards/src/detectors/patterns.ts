import type { RE2JS } from "re2js";
import type { Detector } from "../detector.ts";
import { compilePattern } from "../regex/compile-pattern.ts";
import { LONGEST_RUN, openRun } from "../stream/open-run.ts";
import { findInViews, type Hit } from "./find-in-views.ts";

export type UserPattern = {
  /** The kind of its findings. */
  readonly name: string;
  readonly pattern: string;
  /** Any of i, m and s. */
  readonly flags?: string;
};
export type PatternsOptions = { readonly patterns: readonly UserPattern[] };

/** Matches are searched in parts, so that a pattern whose every match reads to the end stays bounded. */
const PART = 4096;
const OVERLAP = 256;
const MOST_MATCHES = 1000;

type Compiled = readonly { readonly name: string; readonly regex: RE2JS }[];
const compiled = new WeakMap<readonly UserPattern[], Compiled>();

/** Regular expressions of users, in time that grows with the text whatever they are. Matches have at most 256 characters. */
export const patterns: Detector<PatternsOptions> = {
  name: "patterns",
  version: 1,
  isDeterministic: true,
  need: { upTo: LONGEST_RUN },
  openFrom: (text) => Math.min(openRun(text), Math.max(0, text.length - OVERLAP)),
  find(prepared, options) {
    const all = compilePatterns(options.patterns);
    return findInViews("patterns", prepared, (text) => all.flatMap((one) => matchesOf(text, one)));
  },
};

/** Compiles the patterns of a policy once. Throws a `PatternError` for a pattern that cannot be used. */
export function compilePatterns(list: readonly UserPattern[]): Compiled {
  const existing = compiled.get(list);
  if (existing) return existing;
  const result = list.map(({ name, pattern, flags = "" }) => ({ name, regex: compilePattern(pattern, flags) }));
  compiled.set(list, result);
  return result;
}

function matchesOf(text: string, { name, regex }: Compiled[number]): Hit[] {
  const hits: Hit[] = [];
  let from = 0;
  for (let start = 0; start < text.length && hits.length < MOST_MATCHES; start += PART) {
    const part = text.slice(Math.max(0, start - OVERLAP), start + PART + OVERLAP);
    const offset = Math.max(0, start - OVERLAP);
    if (!regex.test(part)) continue;
    const matcher = regex.matcher(part);
    while (hits.length < MOST_MATCHES && matcher.find()) {
      const [first, end] = [matcher.start() + offset, matcher.end() + offset];
      if (end === first || first < Math.max(from, start) || first >= start + PART) continue;
      hits.push({ start: first, end, kind: name });
      from = end;
    }
  }
  return hits;
}
