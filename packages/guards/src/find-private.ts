import { createHmac } from "node:crypto";
import { createPatternSearch, type Match } from "./patterns/find-patterns.ts";
import { type Pattern, PRIVATE_GROUPS, type PrivateGroup } from "./patterns/pattern.ts";
import { PERSONAL_PATTERNS } from "./personal/personal-patterns.ts";
import { replaceFindings } from "./replace-findings.ts";
import { SECRET_PATTERNS } from "./secrets/secret-patterns.ts";

/** If two matches overlap, the earlier pattern wins: a key that contains digits is not a telephone number. */
const PATTERNS: readonly Pattern[] = [...SECRET_PATTERNS, ...PERSONAL_PATTERNS];
const searches = new Map<string, (text: string) => Match[]>();

/** Everything private of the groups in a text as it is, in order and without overlaps. */
export function findPrivate(text: string, groups: ReadonlySet<PrivateGroup>): Match[] {
  const key = PRIVATE_GROUPS.filter((group) => groups.has(group)).join();
  const existing = searches.get(key);
  if (existing) return existing(text);
  const search = createPatternSearch(PATTERNS.filter(({ group }) => groups.has(group)));
  searches.set(key, search);
  return search(text);
}

const ALL_GROUPS: ReadonlySet<PrivateGroup> = new Set(PRIVATE_GROUPS);

/** Whether a text has personal data or a secret of any group. */
export const hasPrivate = (text: string): boolean => findPrivate(text, ALL_GROUPS).length > 0;

/** The text with each match replaced, and the matches. */
export function replacePrivate(
  text: string,
  groups: ReadonlySet<PrivateGroup>,
  replace: (value: string, pattern: Pattern) => string,
) {
  const findings = findPrivate(text, groups);
  return { text: replaceFindings(text, findings, (value, { pattern }) => replace(value, pattern)), findings };
}

/** `[EMAIL_4F1C09D2]`: the same for the same value all over a dataset, so that a conversation stays readable, and of no use without the dataset's secret. */
export const placeholderOf =
  (secret: Uint8Array) =>
  (value: string, { group }: Pick<Pattern, "group">) => {
    const plain =
      group === "email"
        ? value.toLowerCase()
        : group === "secret"
          ? value
          : value.replaceAll(/[\s().-]/g, "").toUpperCase();
    const mark = createHmac("sha256", secret).update(`${group}\n${plain}`).digest("hex").slice(0, 8).toUpperCase();
    return `[${group.toUpperCase().replaceAll("-", "_")}_${mark}]`;
  };
