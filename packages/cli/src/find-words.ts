import { HAND_WRITTEN } from "./commands/hand-written.ts";
import type { Operation } from "./operations/operation.ts";

/** The plural of a noun: `dataset` → `datasets`, `api-key` → `api-keys`, `branch` → `branches`. */
export function pluralOf(noun: string): string {
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(ch|sh|x|s)$/.test(noun) ? `${noun}es` : `${noun}s`;
}

/**
 * The words of a command line with the noun in the singular: `datasets` is `dataset list`, `dataset-items DATASET` is `dataset-item list
 * DATASET`, and `datasets get X` is `dataset get X`. A command written by hand that has the plural as its name stays, unless a verb follows.
 */
export function findWords(argv: readonly string[], manifest: readonly Operation[]): readonly string[] {
  const place = argv.findIndex((word) => !word.startsWith("-"));
  const [word = "", next] = argv.slice(place === -1 ? argv.length : place);
  const names = new Set([...HAND_WRITTEN.map(({ name }) => name), ...manifest.map(({ noun }) => noun)]);
  const noun = [...names].find((name) => pluralOf(name) === word);
  if (noun === undefined) return argv;
  const operations = manifest.filter((operation) => operation.noun === noun);
  const singular = [...argv.slice(0, place), noun, ...argv.slice(place + 1)];
  if (operations.some(({ verb, aliases = [] }) => [verb, ...aliases].includes(next ?? ""))) return singular;
  if (names.has(word)) return argv;
  const list = operations.find(({ verb }) => verb === "list");
  const isArgument = next !== undefined && !next.startsWith("-");
  // Without arguments, the next word is a hand-written verb or a mistake.
  if (!list || (isArgument && list.params === undefined)) return singular;
  return [...argv.slice(0, place), noun, "list", ...argv.slice(place + 1)];
}
