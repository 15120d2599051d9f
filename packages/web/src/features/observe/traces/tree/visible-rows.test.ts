import { expect, test } from "vitest";
import type { Kind } from "../model/span-columns.ts";
import { modelOf } from "../model/trace-model.ts";
import { columnsOf } from "../testing/columns.ts";
import { collapseBelow, initialFolding, reveal, rowOf, visibleRows } from "./visible-rows.ts";

const model = modelOf(
  columnsOf([
    ["root", "", 0, 100, { kind: "agent" }],
    ["http", "root", 1, 50],
    ["chat", "http", 2, 40, { kind: "generation" }],
    ["query", "chat", 3, 1],
    ["tool", "root", 60, 10, { kind: "tool" }],
  ]),
);
const open = new Uint8Array(model.count);
const folded = (...ids: string[]) => Uint8Array.from(model.ids, (id) => (ids.includes(id) ? 1 : 0));
function outline(collapsed: Uint8Array, hidden: Kind[] = []) {
  const { places, depths, isParent } = visibleRows(model, { collapsed, hidden: new Set(hidden) });
  return Array.from(
    places,
    (place, row) => `${"-".repeat(depths[row] ?? 0)}${model.ids[place]}${isParent[row] === 1 ? "+" : ""}`,
  );
}

test("everything is a row until something is folded", () => {
  expect(outline(open)).toEqual(["root+", "-http+", "--chat+", "---query", "-tool"]);
  expect(outline(folded("http"))).toEqual(["root+", "-http+", "-tool"]);
});

test("a hidden kind leaves, what is below it moves up, and a folded span that is hidden hides nothing else", () => {
  expect(outline(open, ["span"])).toEqual(["root+", "-chat", "-tool"]);
  expect(outline(folded("http"), ["span"])).toEqual(["root+", "-chat", "-tool"]);
  expect(outline(folded("root"), ["span"])).toEqual(["root+"]);
});

test("a trace is folded at a depth, and a span is brought back into sight with what is above it only", () => {
  const shallow = collapseBelow(model, 0);
  expect(outline(shallow)).toEqual(["root+"]);
  expect(outline(reveal(model, shallow, model.placeOf("chat")))).toEqual(["root+", "-http+", "--chat+", "-tool"]);
  expect(reveal(model, open, 3)).toBe(open);
});

test("a span that has no row is found at the nearest span above it", () => {
  const rows = visibleRows(model, { collapsed: folded("http"), hidden: new Set() });
  expect([0, 1, 2, 3, 4].map((place) => rowOf(rows, model, place))).toEqual([0, 1, 1, 1, 2]);
  const none = visibleRows(model, { collapsed: open, hidden: new Set<Kind>(["agent", "span", "generation", "tool"]) });
  expect(rowOf(none, model, 2)).toBe(-1);
});

test("a small trace opens whole, a huge one folded to what a person can look through, and never to one row", () => {
  expect(initialFolding(model).includes(1)).toBe(false);
  const rows: [string, string, number, number][] = [["root", "", 0, 1]];
  for (let step = 0; step < 100; step += 1) {
    rows.push([`step${step}`, "root", step, 1]);
    for (let leaf = 0; leaf < 50; leaf += 1) rows.push([`leaf${step}.${leaf}`, `step${step}`, step, 1]);
  }
  const huge = modelOf(columnsOf(rows));
  const shown = visibleRows(huge, { collapsed: initialFolding(huge), hidden: new Set() });
  expect(shown.places.length).toBe(101);
  const broad = modelOf(
    columnsOf(Array.from({ length: 5_000 }, (_, at) => [String(at), at === 0 ? "" : "0", at, 1] as const)),
  );
  expect(visibleRows(broad, { collapsed: initialFolding(broad), hidden: new Set() }).places.length).toBe(5_000);
});
