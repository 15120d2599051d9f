import { deepStrictEqual } from "node:assert/strict";
import { api, describeIssue, type Route, readShape } from "@treadle/contract";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { valuesOf } from "../testing/values-of.ts";
import { compileShape } from "./compile-shape.ts";

/** Every shape that the API names, with where it is from. */
const shapesOfApi = Object.entries<Route>(api).flatMap(([endpoint, { params, query, body, response }]) =>
  Object.entries({ params, query, body, response }).flatMap(([part, shape]) =>
    shape ? [{ name: `the ${part} of ${endpoint}`, shape }] : [],
  ),
);

/** Gives whether a value was taken. */
const comparing =
  (shape: z.ZodType, read = compileShape(shape)) =>
  (given: unknown): boolean => {
    const value: unknown = given === undefined ? undefined : JSON.parse(JSON.stringify(given));
    const plain = readShape(shape, value);
    const compiled = read(value, { error: describeIssue });
    expect(compiled.success).toBe(plain.success);
    // Compares by value, because `toStrictEqual` uses the `constructor`, which may be a key.
    deepStrictEqual(compiled.data, plain.data);
    // The order of keys too: what is signed or hashed depends on it.
    expect(JSON.stringify(compiled.data)).toBe(JSON.stringify(plain.data));
    expect(compiled.error?.issues).toEqual(plain.error?.issues);
    return plain.success;
  };

test.each(shapesOfApi)("$name is read as zod reads it", ({ shape }) => {
  const expectSame = comparing(shape);
  fc.assert(
    fc.property(valuesOf(shape), (value) => {
      expectSame(value);
    }),
    { numRuns: 30 },
  );
});

test("what is made up is taken often enough to mean something, and refused as well", () => {
  const counts = { taken: 0, refused: 0 };
  for (const { shape } of shapesOfApi)
    for (const value of fc.sample(valuesOf(shape), { numRuns: 3, seed: 7 }))
      counts[shape.safeParse(value).success ? "taken" : "refused"] += 1;
  expect(counts.taken).toBeGreaterThan(shapesOfApi.length);
  expect(counts.refused).toBeGreaterThan(shapesOfApi.length / 10);
});

describe("a shape", () => {
  const shapes: Readonly<Record<string, { shape: z.ZodType; given: readonly unknown[] }>> = {
    "of what may be left out": {
      shape: z.strictObject({ a: z.string().optional(), b: z.string().default("b"), c: z.unknown(), d: z.null() }),
      given: [{}, { a: "1" }, { b: "2", d: null }, { c: 1, d: null }, { a: null, c: 1, d: null }, { c: null, d: null }],
    },
    "of what comes first though it is named last": {
      shape: z.object({ a: z.number().default(1), b: z.number().nullish(), c: z.boolean() }),
      given: [{ c: true, b: 2, a: 3 }, { c: false }, { c: true, b: null, more: 1 }],
    },
    "that lets others through": {
      shape: z.looseObject({ a: z.string() }),
      given: [{ z: 1, a: "", y: [] }, { z: 1 }],
    },
    "whose others must be of a kind": {
      shape: z.object({ a: z.string() }).catchall(z.number()),
      given: [
        { a: "", b: 1 },
        { a: "", b: "" },
      ],
    },
    "that changes what it takes": {
      shape: z.object({ a: z.string().trim().min(1), b: z.string().transform((text) => text.length), c: z.iso.date() }),
      given: [
        { a: " x ", b: "four", c: "2026-01-01" },
        { a: "  ", b: "", c: "2026-01-01" },
        { a: "x", b: "", c: "1.1.2026" },
      ],
    },
    "of one or another": {
      shape: z.union([z.number().int(), z.string().max(2), z.array(z.string()), z.object({ a: z.literal(1) })]),
      given: [1, 1.5, "ab", "abc", [], ["a", 1], { a: 1 }, { a: 2 }, null, [null]],
    },
    "told apart by a field": {
      shape: z.discriminatedUnion("kind", [
        z.object({ kind: z.literal("a"), value: z.number() }),
        z.object({ kind: z.literal("b"), value: z.string() }),
      ]),
      given: [{ kind: "a", value: 1 }, { kind: "b", value: 1 }, { kind: "c" }],
    },
    "of names": {
      shape: z.record(z.string().regex(/^[a-z]+$/), z.number()),
      given: [{}, { a: 1 }, { a: "1" }, { A: 1 }, JSON.parse('{"__proto__": 1}'), [], { 1: 1 }],
    },
    "of names that every object has": {
      shape: z.record(z.string(), z.unknown()),
      given: [{ constructor: [] }, { toString: {} }, JSON.parse('{"__proto__": {"constructor": []}}')],
    },
    "of names that are known": {
      shape: z.partialRecord(z.enum(["a", "b"]), z.number()),
      given: [{ a: 1 }, { c: 1 }, {}],
    },
    "of itself": {
      shape: z.object({
        name: z.string(),
        get inner() {
          return z.array(z.object({ name: z.string() })).optional();
        },
      }),
      given: [{ name: "a" }, { name: "a", inner: [{ name: "b" }, {}] }, { name: "a", inner: [{ name: "b" }] }],
    },
    "with a rule over two fields": {
      shape: z
        .strictObject({ from: z.number(), to: z.number() })
        .refine(({ from, to }) => from <= to, "ends before it begins")
        .default({ from: 0, to: 1 }),
      given: [undefined, { from: 1, to: 2 }, { from: 2, to: 1 }, { from: 1 }],
    },
    "that a number is read for": { shape: z.coerce.number(), given: ["1", "x", 1, null] },
  };

  test.each(Object.entries(shapes))("%s is read as zod reads it", (_, { shape, given }) => {
    const expectSame = comparing(shape);
    for (const value of given) expectSame(value);
  });

  test("that grows in itself has no end", () => {
    type Tree = { readonly name: string; readonly inner?: readonly Tree[] };
    const Tree: z.ZodType<Tree> = z.lazy(() => z.object({ name: z.string(), inner: z.array(Tree).optional() }));
    expect(comparing(Tree)({ name: "a", inner: [{ name: "b", inner: [{ name: "c" }] }] })).toBe(true);
    expect(comparing(Tree)({ name: "a", inner: [{ name: "b", inner: [{}] }] })).toBe(false);
    const Branch = z.object({
      name: z.string(),
      get inner() {
        return z.array(Branch).optional();
      },
    });
    expect(comparing(Branch)({ name: "a", inner: [{ name: "b", inner: [{ name: "c" }] }] })).toBe(true);
    expect(comparing(Branch)({ name: "a", inner: [{ name: "b", inner: [{}] }] })).toBe(false);
  });
});

test("what zod throws over is refused by either, with the place", () => {
  const read = compileShape(z.strictObject({ name: z.string().max(3), more: z.unknown() }));
  const { error } = read({ name: { length: { toString: 0 } }, more: { length: { toString: 0 } } });
  expect(error?.issues.map(({ path, message }) => ({ path, message }))).toEqual([
    { path: ["name"], message: "must be a text, not an object" },
  ]);
});
