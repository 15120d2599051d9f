import { expect, test } from "vitest";
import { createNearMachine, type NearLayer } from "./near-machine.ts";

const LAYER: NearLayer = {
  unit: "word",
  size: 3,
  ignoreNumbers: false,
  bands: 20,
  rowsPerBand: 4,
  threshold: 0.7,
  fromWords: 0,
  toWords: 100_000,
};

type Given = Partial<NearLayer> & { worths?: number[]; mostPieces?: number; layers?: readonly NearLayer[] };

function find(texts: readonly string[], { worths = [], mostPieces, layers, ...layer }: Given = {}) {
  const machine = createNearMachine({
    layers: layers ?? [{ ...LAYER, ...layer }],
    seed: 1,
    ...(mostPieces !== undefined && { mostPieces }),
  });
  machine.add(texts, worths);
  const candidates = [...machine.listCandidates().entries()].flatMap(([row, is]) => (is ? [row] : []));
  machine.addCandidates(
    candidates,
    candidates.map((row) => texts[row] ?? ""),
  );
  return { ...machine.finish(), candidates };
}

/** A text of so many words that no other seed has. */
const text = (seed: number, length = 40) => Array.from({ length }, (_, index) => `w${seed}x${index}`).join(" ");
const changed = (of: string, place: number, word = "other") => of.split(" ").with(place, word).join(" ");

test("planted near-duplicates are all found, and nothing else", () => {
  const originals = Array.from({ length: 400 }, (_, seed) => text(seed));
  const planted = originals.slice(0, 150).map((original, index) => changed(original, index % 38));
  const { keptRows, similarities, isEstimate } = find([...originals, ...planted]);
  expect(isEstimate).toBe(false);
  expect([...keptRows.subarray(0, 400)].every((row) => row === -1)).toBe(true);
  expect([...keptRows.subarray(400)]).toEqual(Array.from({ length: 150 }, (_, row) => row));
  // One word in the middle is in three of 38 runs: 35 of 41 are in common.
  expect(similarities[402]).toBeCloseTo(35 / 41, 5);
});

test("texts that are the same but for case and punctuation are compared once", () => {
  const { groups, similarities } = find([text(1), `${text(1).toUpperCase()}!`, text(2), text(1)]);
  expect([...groups]).toEqual([0, 0, -1, 0]);
  expect([...similarities]).toEqual([0, 1, 0, 1]);
});

test("the most valuable item is retained, and the first one of several", () => {
  const { keptRows } = find([text(1), text(1), text(1), text(2)], { worths: [1, 5, 5, 0] });
  expect([...keptRows]).toEqual([1, -1, 1, -1]);
});

test("a chain is one group, and only rows that are near a kept row go", () => {
  const first = text(1);
  const second = changed(changed(first, 5), 20);
  const third = changed(changed(second, 12), 30);
  const { groups, keptRows, similarities } = find([first, second, third]);
  expect([...groups]).toEqual([0, 0, 0]);
  expect([...keptRows]).toEqual([-1, 0, -1]);
  expect(similarities[1]).toBeGreaterThan(0.7);
});

test("a pair whose lengths lie in two layers is compared by the layer that holds both", () => {
  const short: NearLayer = { ...LAYER, unit: "character", toWords: 12 };
  const layers = [short, { ...LAYER, fromWords: 9 }];
  const groups = find([text(1, 8), `${text(1, 8)} more`, text(2, 12), `${text(2, 12)} more`, text(3, 30)], { layers });
  expect([...groups.keptRows]).toEqual([-1, 0, -1, 2, -1]);
  expect([...groups.layerOf]).toEqual([-1, 0, -1, 1, -1]);
  expect(groups.layerRows).toEqual([3, 4]);
});

test("a pair below the threshold is no duplicate, though its bands agree", () => {
  const { candidates, groups } = find([text(1), changed(changed(text(1), 5), 20)], { threshold: 0.9 });
  expect(candidates).toEqual([0, 1]);
  expect([...groups]).toEqual([-1, -1]);
});

test("texts without a word are not duplicates of each other", () => {
  expect([...find(["", "…", "!"]).groups]).toEqual([-1, -1, -1]);
});

test("no rows give no groups", () => {
  expect(find([]).groups).toHaveLength(0);
});

test("with little memory long texts are compared by a draw of their pieces", () => {
  const texts = Array.from({ length: 20 }, (_, index) => changed(text(index >> 1, 2_000), 100 + index));
  const { groups, isEstimate } = find(texts, { mostPieces: 10_000 });
  expect(isEstimate).toBe(true);
  expect([...groups]).toEqual(texts.map((_, index) => index - (index % 2)));
});

test("a family of thousands takes seconds, not minutes", () => {
  const family = Array.from({ length: 8_000 }, (_, index) => changed(text(1, 60), 58, `n${index}`));
  const startedAt = performance.now();
  const { groups } = find(family);
  expect(groups.every((group) => group === 0)).toBe(true);
  expect(performance.now() - startedAt).toBeLessThan(20_000);
});
