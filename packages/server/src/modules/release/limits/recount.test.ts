import { expect, test } from "vitest";
import type { Columnar, Query } from "../../../platform/columnar/port.ts";
import { createRecount } from "./recount.ts";
import type { StoredAs } from "./spend.ts";
import { openTestLimiter } from "./testing/open-test-limiter.ts";

const storedAs: StoredAs = (_projectId, what, value) =>
  what === "user" ? value.replace("ada@example.org", "[A]") : value;
const entry = (value: string, requests: number) => ({
  value,
  provider: "openai",
  model: "free",
  requests,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  cacheWriteTokens: 0,
  reasoningTokens: 0,
});

/** Counts a limit again over a ledger with these entries, and returns what each user used. */
async function recountOf(value: string | null) {
  const { limiter, reserve, counter } = openTestLimiter({ scope: "user", value, window: "day" });
  for (const userId of ["ada@example.org", "eve"]) await reserve({ userId });
  const queries: Query<never>["params"][] = [];
  const select = async ({ params }: { params: Query<never>["params"] }) => {
    queries.push(params);
    return [entry("[A]", 5), entry("ada@example.org", 2), entry("eve", 3)].filter(
      ({ value: user }) => params.isEach === true || user === params.value,
    );
  };
  const recount = createRecount({
    columnar: { select } as unknown as Columnar,
    spool: { flush: async () => undefined },
    prices: { cost: () => 0 },
    limiter,
    storedAs,
    onSet: () => undefined,
  });
  const limit = limiter.find("proj_1", "lim_1");
  if (!limit) throw new Error("The limit is not there.");
  await recount(limit);
  return ["ada@example.org", "[A]", "eve"].map((user) => counter(1, user)?.used);
}

test("a limit for each user counts entries that are stored redacted under the user's id", async () => {
  expect(await recountOf(null)).toEqual([7, undefined, 3]);
});

test("a limit for one user counts that user's entries only, redacted or not", async () => {
  expect(await recountOf("ada@example.org")).toEqual([7, undefined, undefined]);
  expect(await recountOf("eve")).toEqual([undefined, undefined, 3]);
});
