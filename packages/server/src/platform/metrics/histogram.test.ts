import fc from "fast-check";
import { Histogram, Registry } from "prom-client";
import { expect, test } from "vitest";
import { addHistogram } from "./histogram.ts";

const BOUNDS = [0.001, 0.5, 2, 300];
const options = { name: "a_seconds", help: 'With "quotes" and \\', labels: ["route", "status"] };

const observed = fc.record({
  labels: fc.record({ route: fc.constantFrom("/a", '/"b"\n', ""), status: fc.constantFrom("200", "500") }),
  value: fc.oneof(fc.constantFrom(...BOUNDS), fc.double({ noNaN: true, noDefaultInfinity: true })),
});

test("it says what the library's own says, whatever is observed", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(observed), async (all) => {
      const [own, theirs] = [new Registry(), new Registry()];
      const histogram = addHistogram(own, { ...options, bounds: BOUNDS });
      const { labels: labelNames, ...rest } = options;
      const library = new Histogram({ ...rest, labelNames, buckets: BOUNDS, registers: [theirs] });
      for (const { labels, value } of all) {
        histogram.observe(labels, value);
        library.observe(labels, value);
      }
      expect(await own.metrics()).toBe(await theirs.metrics());
    }),
  );
});

test("without labels, it exists before the first observation, as in the library", async () => {
  const [own, theirs] = [new Registry(), new Registry()];
  addHistogram(own, { name: "b", help: "b", bounds: BOUNDS });
  new Histogram({ name: "b", help: "b", buckets: BOUNDS, registers: [theirs] });
  expect(await own.metrics()).toBe(await theirs.metrics());
});

test("what is no number, a label that was not declared, bounds that do not rise and a name that is taken are refused", () => {
  const registry = new Registry();
  const histogram = addHistogram(registry, { ...options, bounds: BOUNDS });
  expect(() => histogram.observe({ route: "/a", status: "200" }, Number.NaN)).toThrow("NaN is not a number");
  expect(() => histogram.observe({ path: "/a" }, 1)).toThrow('"path" is not a label of this metric');
  expect(() => addHistogram(registry, { ...options, name: "c", bounds: [1, 1] })).toThrow("must be ascending");
  expect(() => addHistogram(registry, { ...options, bounds: BOUNDS })).toThrow();
});
