import { expect, test } from "vitest";
import { bodyOf, columnsOf, limitOf } from "./search-columns.ts";

test("hybrid search is shown next to the lists that it joins, and other modes alone", () => {
  expect(columnsOf("hybrid")).toEqual(["words", "meaning", "hybrid"]);
  expect(columnsOf("words")).toEqual(["words"]);
});

test("the lists next to hybrid search have no variety and no cap, so that their ranks are the joined ones", () => {
  expect(bodyOf("words", "hybrid", { q: "refund" })?.searching).toEqual({
    mode: "words",
    diversity: 0,
    perDocument: 0,
  });
  expect(bodyOf("hybrid", "hybrid", { q: "refund" })?.searching).toEqual({ mode: "hybrid" });
  expect(bodyOf("words", "words", { q: "refund" })?.searching).toEqual({ mode: "words" });
});

test("an address becomes a request", () => {
  const address = { q: "refund", version: "3", as: "group:support, user:ada", limit: "20" };
  expect(bodyOf("hybrid", "hybrid", address)).toEqual({
    query: "refund",
    limit: 20,
    version: 3,
    principals: ["group:support", "user:ada"],
    explain: true,
    searching: { mode: "hybrid" },
  });
});

test("nothing is requested without a query or with an invalid principal", () => {
  expect(bodyOf("hybrid", "hybrid", {})).toBeUndefined();
  expect(bodyOf("hybrid", "hybrid", { q: "  " })).toBeUndefined();
  expect(bodyOf("hybrid", "hybrid", { q: "refund", as: "support" })).toBeUndefined();
});

test("a limit that is not offered becomes 10", () => {
  expect(limitOf({ limit: "7" })).toBe("10");
  expect(limitOf({ limit: "50" })).toBe("50");
});
