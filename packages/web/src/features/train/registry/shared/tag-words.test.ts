import { expect, test } from "vitest";
import { tagText, withoutTag, withTag } from "./tag-words.ts";

test("a tag survives a round trip, with or without a value", () => {
  const tags = withTag({ team: "sales" }, " golden ") ?? {};
  expect(tags).toEqual({ team: "sales", golden: "" });
  expect(Object.entries(tags).map(([key, value]) => tagText(key, value))).toEqual(["team=sales", "golden"]);
  expect(withTag(tags, "team = support=eu")).toEqual({ team: "support=eu", golden: "" });
  expect(withoutTag(tags, "golden")).toEqual({ team: "sales" });
});

test.each(["", "  ", "=support", "team=sales"])("%j adds nothing", (text) => {
  expect(withTag({ team: "sales" }, text)).toBeNull();
});
