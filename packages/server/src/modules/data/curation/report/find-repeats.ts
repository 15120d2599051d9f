import type { ItemFacts } from "../texts/measure-item.ts";

/**
 * The maximum number of rows whose marks are in memory, each at least eight bytes. For larger datasets, only the first
 * rows are reported.
 */
const MOST_ROWS = 8_000_000;

/** Finds texts that are there again, inputs with two answers, and texts in two splits, by marks of 48 bits. */
export function createRepeats() {
  const splitOfText = new Map<number, number>();
  const answerOfInput = new Map<number, number>();
  const splits: string[] = [];
  const leaks = new Map<string, number>();
  const contradicted = new Set<number>();
  let exactRows = 0;

  function placeOf(split: string | null): number {
    if (split === null) return -1;
    const known = splits.indexOf(split);
    return known === -1 ? splits.push(split) - 1 : known;
  }

  return {
    add({ textMark, inputMark, expectedMark }: ItemFacts, split: string | null): void {
      const place = placeOf(split);
      const before = splitOfText.get(textMark);
      if (before !== undefined) {
        exactRows++;
        if (before !== place && before >= 0 && place >= 0) {
          const pair = `${splits[before]}\n${split}`;
          leaks.set(pair, (leaks.get(pair) ?? 0) + 1);
        }
      } else if (splitOfText.size < MOST_ROWS) splitOfText.set(textMark, place);
      const answer = answerOfInput.get(inputMark);
      if (answer !== undefined && answer !== expectedMark) contradicted.add(inputMark);
      else if (answer === undefined && answerOfInput.size < MOST_ROWS) answerOfInput.set(inputMark, expectedMark);
    },
    finish: () => ({
      exactRows,
      sameInputOtherExpected: contradicted.size,
      leaks:
        splits.length < 2
          ? null
          : {
              splitPairs: [...leaks].map(([pair, rows]) => {
                const [from = "", to = ""] = pair.split("\n");
                return { from, to, rows };
              }),
            },
    }),
  };
}
