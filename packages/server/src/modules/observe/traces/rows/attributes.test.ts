import fc from "fast-check";
import { expect, test } from "vitest";
import { readAttributes, writeAttributes } from "./attributes.ts";

const roundTrip = (attributes: Record<string, unknown>) => {
  const map = JSON.parse(JSON.stringify(writeAttributes(attributes)));
  return readAttributes(Object.keys(map), Object.values(map));
};

test("attributes come back with the types they had", () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (attributes) => {
      expect({ ...roundTrip(attributes) }).toEqual(JSON.parse(JSON.stringify(attributes)));
    }),
  );
  for (const text of ["5", "true", "null", "", " 1 ", '"quoted"', "{}", "tea", "-", "false alarm", "[1", "1e5"])
    expect({ ...roundTrip({ text }) }).toEqual({ text });
});

test("a text is unchanged if it cannot be mistaken for JSON", () => {
  expect(writeAttributes({ "gen_ai.provider.name": "openai" })["gen_ai.provider.name"]).toBe("openai");
});

test("a key that names a part of every object is a key like any other, and no object changes", () => {
  const attributes: Record<string, unknown> = JSON.parse(
    '{"__proto__":{"isAdmin":true},"constructor":"x","__proto__.isAdmin":true,"constructor.prototype.x":1}',
  );
  const read = roundTrip(attributes);
  expect(Object.keys(read).sort()).toEqual([
    "__proto__",
    "__proto__.isAdmin",
    "constructor",
    "constructor.prototype.x",
  ]);
  expect(Object.getOwnPropertyDescriptor(read, "__proto__")?.value).toEqual({ isAdmin: true });
  expect(({} as { isAdmin?: boolean }).isAdmin).toBeUndefined();
  expect(JSON.stringify(read)).toContain('"__proto__":{"isAdmin":true}');
});
