import type { ReadOptions } from "./chunk.ts";

const SEPARATOR = " › ";
/** The prefix may take this share of the window; a longer one loses headings. */
const MOST_SHARE = 0.25;

/**
 * Makes the text that is embedded before a chunk: the title and the headings above it. A prefix that is too long loses its highest
 * headings first, then its title, then all headings; where the title alone is too long, there is none.
 */
export function createPrefix(title: string | null, { countTokens, maxTokens }: ReadOptions) {
  const prefixes = new Map<string, string>();
  const name = (title ?? "").replace(/\s+/g, " ").trim();
  const fits = (prefix: string) => countTokens(prefix) <= maxTokens * MOST_SHARE;
  return (headingPath: readonly string[]): string => {
    const path = headingPath[0] === name ? headingPath.slice(1) : headingPath;
    const key = path.join(SEPARATOR);
    const known = prefixes.get(key);
    if (known !== undefined) return known;
    const shorter = path.map((_, place) => [name, ...path.slice(place)]);
    const candidates = path.length === 0 ? [[name]] : [...shorter, path.slice(-1), [name]];
    const prefix = candidates.map(joined).find((candidate) => candidate === "" || fits(candidate)) ?? "";
    prefixes.set(key, prefix);
    return prefix;
  };
}

const joined = (parts: readonly string[]): string => parts.filter((part) => part !== "").join(SEPARATOR);
