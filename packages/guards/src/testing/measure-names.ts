import { names } from "../detectors/names.ts";
import { prepareText } from "../text/prepare-text.ts";
import { type NamedCountry, plantNames, plantUnlisted } from "./planted-names.ts";
import { createDraw } from "./random.ts";

export type NameCounts = { planted: number; found: number; misses: string[] };

const findIn = (text: string, threshold: number) =>
  names.find(prepareText(text), {}).filter(({ score }) => score >= threshold);

/** How many planted names of a country were found with the right kind and place, and what else was found. */
export function measureNames(country: NamedCountry, threshold = 0.5) {
  const draw = createDraw(23);
  const counts: Record<"person" | "given name" | "place" | "unlisted", NameCounts> = {
    person: { planted: 0, found: 0, misses: [] },
    "given name": { planted: 0, found: 0, misses: [] },
    place: { planted: 0, found: 0, misses: [] },
    unlisted: { planted: 0, found: 0, misses: [] },
  };
  const wrong: string[] = [];
  for (const planted of [...plantNames(country, draw), ...plantUnlisted(draw)]) {
    const { text, start, end, kind } = planted;
    const findings = findIn(text, threshold);
    const expected = kind === "place" ? "place" : "person";
    const isRight = (one: (typeof findings)[number]) => one.kind === expected && one.start === start && one.end === end;
    counts[kind].planted++;
    if (findings.some(isRight)) counts[kind].found++;
    else counts[kind].misses.push(text);
    wrong.push(...findings.filter((one) => !isRight(one)).map((one) => `${one.kind} ${one.start}-${one.end}: ${text}`));
  }
  return { counts, wrong };
}

/** What is found in ordinary texts. */
export const namesIn = (text: string, threshold = 0.5): string[] =>
  findIn(text, threshold).map(({ kind, start, end }) => `${kind} ${text.slice(start, end)}`);
