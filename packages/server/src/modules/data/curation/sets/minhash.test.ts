import { mix } from "@treadle/metrics";
import { expect, test } from "vitest";
import { chooseBands, createSigner, detectionProbability } from "./minhash.ts";

const SHAPES = {
  datatrove: { bands: 14, rowsPerBand: 8, seed: 1 },
  nemo: { bands: 20, rowsPerBand: 13, seed: 42 },
} as const;

// The figures of datatrove's and NeMo Curator's settings.
test.each([
  { shape: "datatrove", similarity: 0.5, probability: 0.053, digits: 3 },
  { shape: "datatrove", similarity: 0.7, probability: 0.565, digits: 3 },
  { shape: "datatrove", similarity: 0.75, probability: 0.772, digits: 3 },
  { shape: "datatrove", similarity: 0.8, probability: 0.924, digits: 3 },
  { shape: "datatrove", similarity: 0.85, probability: 0.988, digits: 3 },
  { shape: "datatrove", similarity: 0.9, probability: 0.9996, digits: 4 },
  { shape: "nemo", similarity: 0.5, probability: 0.002, digits: 3 },
  { shape: "nemo", similarity: 0.7, probability: 0.177, digits: 3 },
  { shape: "nemo", similarity: 0.8, probability: 0.677, digits: 3 },
  { shape: "nemo", similarity: 0.85, probability: 0.924, digits: 3 },
  { shape: "nemo", similarity: 0.9, probability: 0.997, digits: 3 },
] as const)("as $shape a pair of similarity $similarity is found with the probability $probability", (figures) => {
  const { shape, similarity, probability, digits } = figures;
  expect(detectionProbability(similarity, SHAPES[shape])).toBeCloseTo(probability, digits);
});

/** Two sets of 200 different pieces together, `common` of them in both. */
function pairOf(common: number, seed: number): [Uint32Array, Uint32Array] {
  const pieces = Uint32Array.from({ length: 200 }, (_, index) => mix(seed * 200 + index));
  const own = (200 - common) / 2;
  return [
    pieces.subarray(0, common + own),
    Uint32Array.from([...pieces.subarray(0, common), ...pieces.subarray(common + own)]),
  ];
}

test.each(
  Object.entries(SHAPES).flatMap(([name, shape]) =>
    [0.5, 0.6, 0.7, 0.75, 0.8, 0.85, 0.9].map((at) => [name, at, shape] as const),
  ),
)(
  "as %s the share of pairs of similarity %d that are found lies within 3 σ of the curve",
  (_name, similarity, shape) => {
    const pairs = 1_500;
    const signer = createSigner(shape);
    const [one, two] = [new Uint32Array(shape.bands), new Uint32Array(shape.bands)];
    let pairsFound = 0;
    for (let seed = 1; seed <= pairs; seed++) {
      const [left, right] = pairOf(Math.round(200 * similarity), seed);
      signer.sign(left, one);
      signer.sign(right, two);
      if (one.some((key, band) => key === two[band])) pairsFound++;
    }
    const expected = detectionProbability(similarity, shape);
    const sigma = Math.sqrt((expected * (1 - expected)) / pairs);
    expect(Math.abs(pairsFound / pairs - expected)).toBeLessThan(3 * sigma + 1 / pairs);
  },
);

// text-dedup's examples of datasketch's `_optimal_param`.
test("bands are chosen as datasketch chooses them", () => {
  expect(chooseBands(0.75, 256)).toEqual({ bands: 21, rowsPerBand: 12 });
  expect(chooseBands(0.75, 256, { wrongly: 0.1, missed: 0.9 })).toEqual({ bands: 28, rowsPerBand: 9 });
});
