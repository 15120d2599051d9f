import { expect, test } from "vitest";
import { columnsOf } from "../testing/columns.ts";
import { firstToRead, totalsOf } from "./trace-errors.ts";
import { modelOf, type TraceModel } from "./trace-model.ts";

const outline = ({ ids, depth }: TraceModel) => ids.map((id, place) => `${"-".repeat(depth[place] ?? 0)}${id}`);

test("parents come before their children, siblings by time, whatever order they were received in", () => {
  const model = modelOf(
    columnsOf([
      ["late", "root", 50, 10],
      ["leaf", "early", 20, 10],
      ["early", "root", 10, 30],
      ["root", "", 0, 100],
    ]),
  );
  expect(outline(model)).toEqual(["root", "-early", "--leaf", "-late"]);
  expect([...model.size]).toEqual([4, 2, 1, 1]);
  expect([...model.parent]).toEqual([-1, 0, 1, 0]);
  expect(model.placeOf("leaf")).toBe(2);
  expect(model.placeOf("nobody")).toBe(-1);
  expect(model.notes).toMatchObject({ orphans: 0, rings: 0, repeats: 0, sharedIds: 0, moved: 0 });
});

test("a span whose parent is missing is at the top, and this is shown", () => {
  const model = modelOf(
    columnsOf([
      ["orphan", "missing", 5, 1],
      ["child", "orphan", 6, 1],
      ["root", "", 7, 1],
    ]),
  );
  expect(outline(model)).toEqual(["orphan", "-child", "root"]);
  expect([...model.isOrphan]).toEqual([1, 0, 0]);
  expect(model.notes.orphans).toBe(1);
});

test("a circle of parents is opened at its earliest span, with all its children", () => {
  const model = modelOf(
    columnsOf([
      ["a", "c", 3, 1],
      ["b", "a", 1, 1],
      ["c", "b", 2, 1],
      ["tail", "c", 4, 1],
      ["self", "self", 9, 1],
    ]),
  );
  expect(outline(model)).toEqual(["b", "-c", "--a", "--tail", "self"]);
  expect(model.notes.rings).toBe(2);
});

test("a span that came twice is shown once, and two spans with one id are both shown", () => {
  const model = modelOf(
    columnsOf([
      ["root", "", 0, 100],
      ["twice", "root", 1, 10],
      ["twice", "root", 1, 10],
      ["shared", "root", 2, 10],
      ["shared", "root", 30, 10],
      ["child", "shared", 4, 1],
    ]),
  );
  expect(outline(model)).toEqual(["root", "-twice", "-shared", "--child", "-shared"]);
  expect(model.notes).toMatchObject({ repeats: 1, sharedIds: 1 });
});

test("spans before their parent due to clock differences are moved together, and the shift is shown", () => {
  const model = modelOf(
    columnsOf([
      ["root", "", 10_000, 500, { service: "web" }],
      ["near", "root", 10_100, 50, { service: "web" }],
      ["far", "root", 4_000, 200, { service: "tools" }],
      ["below", "far", 4_050, 20, { service: "tools" }],
      ["next", "root", 4_300, 50, { service: "tools" }],
    ]),
  );
  const starts = Object.fromEntries(model.ids.map((id, place) => [id, model.start[place]]));
  expect(starts).toEqual({ root: 0, near: 100, far: 0, below: 50, next: 300 });
  expect(model.lengthMs).toBe(500);
  expect(model.notes).toMatchObject({ moved: 3, furthestMs: 6_000 });
});

test("a millisecond between two clocks of one machine, and a child that outlives its parent, are left alone", () => {
  const model = modelOf(
    columnsOf([
      ["root", "", 1_000, 100],
      ["early", "root", 999, 10],
      ["afterwards", "root", 1_200, 300],
    ]),
  );
  expect(model.notes.moved).toBe(0);
  expect(model.lengthMs).toBe(501);
});

test("money and tokens add up over a subtree, counted once where one call is reported as two", () => {
  const call = { kind: "generation", inputTokens: 100, outputTokens: 20 } as const;
  const model = modelOf(
    columnsOf([
      ["root", "", 0, 100, { kind: "agent", inputTokens: 999 }],
      ["outer", "root", 1, 50, { ...call, costUsd: 0.4 }],
      ["inner", "outer", 2, 40, { ...call, costUsd: 0.5 }],
      ["unpriced", "root", 60, 10, { ...call, status: "error" }],
    ]),
  );
  expect([...model.sums.inputTokens]).toEqual([200, 100, 100, 100]);
  expect([...model.sums.costUsd]).toEqual([0.5, 0.5, 0.5, 0]);
  expect([...model.sums.priced]).toEqual([1, 1, 1, 0]);
  expect(totalsOf(model)).toMatchObject({ inputTokens: 200, outputTokens: 40, costUsd: 0.5, errors: 1 });
});

test("nothing is known of the cost of a trace without a known price", () => {
  expect(totalsOf(modelOf(columnsOf([["root", "", 0, 1, { kind: "generation" }]]))).costUsd).toBeNull();
});

test("a failed trace opens at the step that failed first and deepest, any other at its first span", () => {
  const failed = { status: "error" } as const;
  const rows = [
    ["root", "", 0, 100, failed],
    ["fine", "root", 10, 1],
    ["middle", "root", 20, 50, failed],
    ["cause", "middle", 30, 1, failed],
    ["later", "root", 80, 1, failed],
  ] as const;
  const model = modelOf(columnsOf(rows));
  expect(model.ids[firstToRead(model)]).toBe("cause");
  const well = modelOf(columnsOf(rows.map((row, index) => (index === 0 ? ["root", "", 0, 100] : row))));
  expect(firstToRead(well)).toBe(0);
});

test("a trace opens at what plain spans only wrap, and at its first span where nothing else is in it", () => {
  const wrapped = [
    ["request", "", 0, 100],
    ["handler", "request", 1, 98],
    ["agent", "handler", 2, 90, { kind: "agent" }],
    ["call", "agent", 3, 80, { kind: "generation" }],
  ] as const;
  const model = modelOf(columnsOf(wrapped));
  expect(model.ids[firstToRead(model)]).toBe("agent");
  expect(firstToRead(modelOf(columnsOf(wrapped.slice(0, 2))))).toBe(0);
  expect(firstToRead(modelOf(columnsOf([...wrapped, ["query", "request", 99, 1]])))).toBe(0);
});

test("a chain of a hundred thousand spans and one parent of as many are built without running out of stack", () => {
  const count = 100_000;
  const chain = modelOf(
    columnsOf(Array.from({ length: count }, (_, at) => [String(at), at === 0 ? "" : String(at - 1), at, 1] as const)),
  );
  expect(chain.depth[count - 1]).toBe(count - 1);
  const broad = modelOf(
    columnsOf(Array.from({ length: count }, (_, at) => [String(at), at === 0 ? "" : "0", at, 1] as const)),
  );
  expect(broad.size[0]).toBe(count);
  expect(broad.depth[count - 1]).toBe(1);
});

test("an empty trace is a model without spans", () => {
  expect(modelOf(columnsOf([]))).toMatchObject({ count: 0, beganAt: 0 });
});
