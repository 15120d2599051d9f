import { expect, test } from "vitest";
import { releasesOf, releaseWords } from "./use-releases-before.ts";

const change = (kind: string, title: string) => ({ at: "2026-11-20T12:00:00Z", kind, title });

test("releases and prompt versions can change values for good, limits and prices cannot", () => {
  const changes = [
    change("first-seen", "Release 2.1 appears for the first time"),
    change("limit.update", "Limit daily: changed"),
    change("prompt.label.set", "Prompt greet: label production moved from version 3 to 4"),
    change("model-price.set", "Price gpt: changed"),
  ];
  expect(releasesOf(changes).map(({ kind }) => kind)).toEqual(["first-seen", "prompt.label.set"]);
});

test("the newest is named, and the others are counted", () => {
  const [one, two] = [change("first-seen", "Release 2.1 appears for the first time"), change("rollout.start", "x")];
  expect(releaseWords([one])).toBe("Shortly before this change: Release 2.1 appears for the first time.");
  expect(releaseWords([one, two])).toContain("first time, and 1 more change.");
  expect(releaseWords([one, two, two])).toContain("and 2 more changes.");
});
