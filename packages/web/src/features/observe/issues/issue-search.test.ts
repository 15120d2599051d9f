import { expect, test } from "vitest";
import { type IssueSearch, readIssueSearch } from "./issue-search.ts";

test("defaults and unknown values are not in the address", () => {
  const none = { state: undefined, sort: undefined, q: undefined, release: undefined };
  expect(readIssueSearch({ state: "open", sort: "lastSeen", q: "" })).toEqual(none);
  expect(readIssueSearch({ state: "odd", sort: "odd" } as unknown as IssueSearch)).toEqual(none);
  expect(readIssueSearch({ state: "resolved", sort: "users", q: "timeout" })).toEqual({
    ...none,
    state: "resolved",
    sort: "users",
    q: "timeout",
  });
});
