import fc from "fast-check";
import type { z } from "zod";

type Schema = z.core.$ZodType;
type Definition = {
  readonly type: string;
  readonly shape: Readonly<Record<string, Schema>>;
  readonly element: Schema;
  readonly innerType: Schema;
  readonly in: Schema;
  readonly options: readonly Schema[];
  readonly valueType: Schema;
  readonly keyType: Schema;
  readonly getter: () => Schema;
};

const DEEPEST = 6;
const anything = fc.jsonValue({ maxDepth: 1 });

/** Values that are of a schema, or nearly: at each place now and then something else stands, a field is missing, or one too many is there. */
export function valuesOf(schema: Schema, depth = 0): fc.Arbitrary<unknown> {
  if (depth > DEEPEST) return anything;
  return fc.oneof({ weight: 40, arbitrary: soundOf(schema, depth) }, { weight: 1, arbitrary: anything });
}

function soundOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const definition = schema._zod.def as unknown as Definition;
  const inner = (of: Schema) => valuesOf(of, depth + 1);
  switch (definition.type) {
    case "string":
      return textsOf(schema);
    case "number":
      return numbersOf(schema);
    case "boolean":
      return fc.boolean();
    case "enum":
    case "literal":
      return fc.constantFrom(...(schema._zod.values ?? []));
    case "array":
      return fc.array(inner(definition.element), { minLength: sizeOf(schema, "minimum", 0), maxLength: 3 });
    case "object":
      return objectsOf(definition.shape, inner);
    case "record":
      return fc.dictionary(inner(definition.keyType).map(toKey), inner(definition.valueType), { maxKeys: 3 });
    case "union":
      return fc.oneof(...definition.options.map(inner));
    case "nullable":
      return fc.oneof(fc.constant(null), inner(definition.innerType));
    case "optional":
    case "default":
    case "readonly":
    case "catch":
    case "prefault":
      return inner(definition.innerType);
    case "pipe":
      return inner(definition.in);
    case "lazy":
      return fc.constant(null).chain(() => inner(definition.getter()));
    case "null":
      return fc.constant(null);
    default:
      return anything;
  }
}

/** Not `String`, which throws for an object with an invalid `toString`. */
const toKey = (key: unknown): string => (typeof key === "string" ? key : (JSON.stringify(key) ?? ""));

/** Optional fields are left out half of the time. Unknown fields are rare. */
function objectsOf(shape: Readonly<Record<string, Schema>>, inner: (of: Schema) => fc.Arbitrary<unknown>) {
  const fields = Object.entries(shape);
  const needed = fields.flatMap(([key, { _zod }]) => (_zod.optin === undefined ? [key] : []));
  const known = fc.record(Object.fromEntries(fields.map(([key, of]) => [key, inner(of)])), { requiredKeys: needed });
  const more = fc.oneof({ weight: 30, arbitrary: fc.constant({}) }, { weight: 1, arbitrary: fc.constant({ more: 1 }) });
  return fc.tuple(known, more).map(([some, others]) => ({ ...some, ...others }));
}

function sizeOf(schema: Schema, which: "minimum" | "maximum", otherwise: number): number {
  const sizes = (schema._zod.def.checks ?? []).map(
    ({ _zod }) => (_zod.def as { minimum?: number; maximum?: number })[which],
  );
  return sizes.find((size) => size !== undefined) ?? otherwise;
}

function textsOf(schema: Schema): fc.Arbitrary<unknown> {
  const own = schema._zod.def as { readonly format?: string; readonly pattern?: RegExp };
  if (own.format === "datetime")
    return fc.constantFrom("2026-01-31T12:00:00Z", "2026-01-31T12:00:00.5+01:00", "yesterday");
  const patterns = (schema._zod.def.checks ?? []).flatMap(({ _zod }) => (_zod.def as typeof own).pattern ?? []);
  const [pattern] = [...(own.pattern ? [own.pattern] : []), ...patterns];
  if (pattern && /^[\^$\w\s[\]{}().,?*+|:/@\\-]*$/.test(pattern.source) && !/\\p|\(\?[=!<]/.test(pattern.source))
    return fc.stringMatching(pattern);
  const minLength = Math.min(sizeOf(schema, "minimum", 0), 40);
  return fc.string({
    minLength,
    maxLength: Math.max(minLength, Math.min(sizeOf(schema, "maximum", 20), 20)),
    unit: "grapheme",
  });
}

function numbersOf(schema: Schema): fc.Arbitrary<unknown> {
  const bounds = (schema._zod.def.checks ?? []).flatMap(({ _zod }) => {
    const { value } = _zod.def as { readonly value?: unknown };
    return typeof value === "number" ? [value] : [];
  });
  const near = bounds.flatMap((bound) => [bound - 1, bound, bound + 1]);
  return fc.oneof(fc.integer({ min: 0, max: 20 }), fc.constantFrom(0, 0.5, 1, -1, ...near), fc.double({ noNaN: true }));
}
