import { expect, test } from "vitest";
import { createRandom } from "./random.ts";

test("the same seed gives the same numbers, another seed others", () => {
  const draw = (seed: number) => Array.from({ length: 5 }, createRandom(seed).next);
  expect(draw(7)).toEqual(draw(7));
  for (const other of [8, -7, 7.5, 7 + 2 ** 32]) expect(draw(other)).not.toEqual(draw(7));
});

test("bits asked one by one and filled in blocks are one stream", () => {
  const [single, block] = [createRandom(3), createRandom(3)];
  const filled = new Uint32Array(6);
  block.fill(filled);
  expect(Array.from({ length: 6 }, single.bits)).toEqual([...filled]);
});

test("numbers fill their range evenly, and normal ones have mean 0 and deviation 1", () => {
  const random = createRandom(1);
  const counts = new Array<number>(10).fill(0);
  let [total, squares] = [0, 0];
  for (let draw = 0; draw < 100_000; draw += 1) {
    const place = random.below(10);
    counts[place] = (counts[place] ?? 0) + 1;
    const normal = random.normal();
    total += normal;
    squares += normal * normal;
  }
  for (const count of counts) expect(Math.abs(count - 10_000)).toBeLessThan(450);
  expect(Math.abs(total / 100_000)).toBeLessThan(0.015);
  expect(Math.abs(squares / 100_000 - 1)).toBeLessThan(0.02);
});

test("a seed that is no number is refused", () => {
  expect(() => createRandom(Number.NaN)).toThrow("seed is NaN");
});
