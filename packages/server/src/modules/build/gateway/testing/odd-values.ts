/** Undocumented values that some providers send, at any place of a JSON value. */
const ODD: readonly unknown[] = [
  ...[null, true, 0, -1.5, 1e308, "", "\ud800", "__proto__", [], [null], [[]], {}],
  { length: { toString: 0 } },
  { toString: 1, valueOf: [] },
  JSON.parse('{"__proto__":{"a":1},"constructor":null}'),
];

/** Every value that differs from this value at a single place: an odd value is there, or nothing. */
export function* oddVariants(value: unknown): Generator<unknown> {
  yield* ODD;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) {
      yield value.toSpliced(index, 1);
      for (const variant of oddVariants(item)) yield value.with(index, variant);
    }
  } else if (typeof value === "object" && value !== null) {
    for (const [name, held] of Object.entries(value)) {
      const { [name]: _, ...others }: Record<string, unknown> = { ...value };
      yield others;
      for (const variant of oddVariants(held)) yield { ...value, [name]: variant };
    }
  }
}

/** Notes what breaks: whatever is thrown that `isForeseen` does not know. */
export function createBreakage(isForeseen: (error: unknown) => boolean) {
  const findings = new Map<string, string>();
  let tried = 0;
  return {
    /** One line for each place that broke, with the first value that did it. */
    lines: () => [...findings.values()],
    tried: () => tried,
    async attempt<Result>(what: string, variant: unknown, run: () => Result): Promise<Awaited<Result> | null> {
      tried++;
      try {
        return await run();
      } catch (error) {
        if (isForeseen(error)) return null;
        const place = error instanceof Error ? (error.stack ?? "").split("\n").slice(0, 3).join(" ") : String(error);
        if (!findings.has(`${what} ${place}`))
          findings.set(`${what} ${place}`, `${what}: ${place}, over ${JSON.stringify(variant)?.slice(0, 2_000)}`);
        return null;
      }
    },
  };
}
