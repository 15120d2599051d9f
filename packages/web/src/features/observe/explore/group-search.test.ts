import { parseFilter, SPAN_DIMENSIONS } from "@treadle/contract";
import { expect, test } from "vitest";
import { formatChange, formatMeasure } from "./format-measure.ts";
import { narrowTo, readGroups, writeDimensions, writeMeasures } from "./group-search.ts";

test("an address asks for groups and numbers that exist, once each", () => {
  expect(readGroups({ by: "user,nonsense,user,metadata.tenant", show: "costUsd,what", sort: "costUsd" })).toEqual({
    dimensions: ["user", "metadata.tenant"],
    measures: ["costUsd"],
    sortedBy: "costUsd",
    isAscending: false,
  });
  const usual = readGroups({});
  expect(usual.dimensions).toEqual(["model"]);
  expect(writeDimensions(usual.dimensions)).toBeUndefined();
  expect(writeMeasures(usual.measures)).toBeUndefined();
  expect(readGroups({ by: writeDimensions([]) ?? "" }).dimensions).toEqual([]);
});

test("a group leads to exactly its spans", () => {
  expect(narrowTo({ model: "gpt 4", "metadata.a key": "x" }, "kind:tool OR kind:agent", null)).toEqual({
    filter: '(kind:tool OR kind:agent) model:"gpt 4" metadata."a key":x',
  });
  expect(narrowTo({ user: "" }, "", null)).toEqual({ filter: 'user:""' });
  expect(narrowTo({ time: "2026-01-01T00:00:00.000Z" }, "", 60)).toMatchObject({
    from: "2026-01-01T00:00:00.000Z",
    to: "2026-01-01T00:01:00.000Z",
  });
});

test("every condition a group is turned into is one the language knows", () => {
  for (const name of Object.keys(SPAN_DIMENSIONS)) {
    // Every span has a kind and a status.
    for (const value of name === "kind" || name === "status" ? ["ok"] : ["ok", ""]) {
      const group = { [name]: name === "time" ? "2026-01-01T00:00:00Z" : name === "kind" ? "tool" : value };
      expect(parseFilter(narrowTo(group, "", 60).filter ?? "").problems, name).toEqual([]);
    }
  }
});

test("numbers carry their unit, and changes their sign", () => {
  expect(formatMeasure("ratio", 0.034)).toBe("3.4%");
  expect(formatMeasure("score", 0.5)).toBe("0.5");
  expect(formatMeasure("ms", null)).toBe("–");
  expect([formatChange(0.12), formatChange(-0.034), formatChange(0), formatChange(null)]).toEqual([
    "+12%",
    "−3.4%",
    "±0%",
    "–",
  ]);
});
