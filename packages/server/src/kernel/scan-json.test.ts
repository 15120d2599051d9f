import fc from "fast-check";
import { expect, test } from "vitest";
import { scanJson } from "./scan-json.ts";

const scan = (text: string) => scanJson(Buffer.from(text));

function depthOf(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test("whatever JSON.stringify makes passes exactly when it is at most 64 deep", () => {
  fc.assert(
    fc.property(
      fc.jsonValue({ maxDepth: 70, noUnicodeString: false }),
      fc.integer({ min: 0, max: 80 }),
      (value, wraps) => {
        let wrapped: unknown = value;
        for (let count = 0; count < wraps; count++) wrapped = count % 2 ? [wrapped] : { key: wrapped };
        expect(scan(JSON.stringify(wrapped)) === null).toBe(depthOf(wrapped) <= 64);
      },
    ),
  );
});

test("characters in a string do not count, however they are escaped", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('"', "\\", "[", "{", ":", ",", "1e999", "é", "a".repeat(40)), maxLength: 400 }),
      (text) => {
        expect(scan(JSON.stringify({ [text]: [text, text] }))).toBeNull();
      },
    ),
  );
});

test.each(["1e309", "-1e309", "1E+400", `1${"0".repeat(309)}`, "9".repeat(2_000), "0e0,1e999999999"])(
  "the number %# is refused",
  (number) => {
    expect(scan(`{"n":[${number}]}`)).toContain("too large");
  },
);

test.each(["1e308", "-0", "1e-400", "123456789012345678901234567890", "0.1e5", "true"])("%s passes", (value) => {
  expect(scan(`[${value}]`)).toBeNull();
});

test("an object of more than ten thousand keys is refused, an array of as many values is not", () => {
  const object = (count: number) => `{${Array.from({ length: count }, (_, index) => `"k${index}":1`).join(",")}}`;
  expect(scan(object(10_000))).toBeNull();
  expect(scan(`[${object(10_001)}]`)).toContain("keys");
  expect(scan(JSON.stringify(Array(20_000).fill({ a: 1 })))).toBeNull();
});

test("what is no JSON at all is left to JSON.parse, and never runs on", () => {
  for (const text of ["", '"', '"\\', "]]]]", '{"a', '\\\\\\"', "nul"]) expect(scan(text)).toBeNull();
});
