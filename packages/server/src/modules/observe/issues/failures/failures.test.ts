import { expect, test } from "vitest";
import { isIn, passedOn, SETTLE_MS } from "../follow/passed-on.ts";
import { compareReleases } from "./compare-releases.ts";
import { causeOf, fingerprintOf, nameOf } from "./failure.ts";
import { joinFingerprints } from "./join-fingerprints.ts";
import { normalizeMessage } from "./normalize-message.ts";
import { isRegression } from "./regression.ts";

test.each([
  ['User "ada" not found', 'User "bob@example.com" not found'],
  ["Timeout after 30.5 s", "Timeout after 7 s"],
  ["GET https://a.example/x?q=1 failed", "GET http://b.example:80/y failed"],
  ["request req_01jd8xk2p failed", "request req_99zzkk1q2 failed"],
  ["key 550e8400-e29b-41d4-a716-446655440000 is gone", "key 6ba7b810-9dad-11d1-80b4-00c04fd430c8 is gone"],
  ["at 2026-11-20T10:00:00Z it broke", "at 2025-01-02 03:04:05 it broke"],
  ["10.1.2.3:5432 refused", "192.168.0.1:80 refused"],
  ["organization org-a1f9 is limited", "organization org-a77f9 is limited"],
  ["ids 1, 2, 3 are wrong", "ids 4, 5 are wrong"],
])("%j and %j have one template", (one, other) => {
  expect(normalizeMessage(one)).toBe(normalizeMessage(other));
});

test("messages with other words have other templates", () => {
  expect(normalizeMessage("connection refused")).not.toBe(normalizeMessage("connection reset"));
  expect(normalizeMessage("utf8 base64 sha256")).toBe("utf8 base64 sha256");
  expect(normalizeMessage("can't open it, won't try")).toBe("can't open it, won't try");
});

test("a long message without an end takes little time", () => {
  const start = performance.now();
  normalizeMessage(`"${"a1_-".repeat(50_000)}`);
  normalizeMessage("a.".repeat(100_000));
  expect(performance.now() - start).toBeLessThan(500);
});

test("a name for notices contains no message", () => {
  const cause = causeOf({ kind: "tool", toolName: "search", errorType: "KeyError", message: "secret" });
  expect(nameOf(cause)).toBe("Tool error: search, KeyError");
  expect(fingerprintOf(cause)).not.toBe(fingerprintOf({ ...cause, toolName: "find" }));
});

test.each([
  ["1.2.0", "1.10.0", -1],
  ["v2", "1.9.9", 1],
  ["1.0.0-rc.1", "1.0.0", -1],
  ["1.0.0-rc.2", "1.0.0-rc.10", -1],
  ["1.0", "1.0.0", 0],
  ["blue", "1.0.0", null],
])("the order of %s and %s is %s", (one, other, order) => expect(compareReleases(one, other)).toBe(order));

const at = (ms: number, more = {}) => ({ at: new Date(ms), release: "", promptName: "", promptVersion: "", ...more });
test("an occurrence of an older prompt version or from before the fix is no regression", () => {
  const resolvedAt = new Date(1_000);
  const prompt = { resolution: { kind: "promptVersion" as const, promptName: "p", promptVersion: "3" }, resolvedAt };
  const is = (occurrence: ReturnType<typeof at>, resolved: Parameters<typeof isRegression>[1] = prompt) =>
    isRegression(occurrence, resolved, new Map());
  expect(is(at(2_000, { promptName: "p", promptVersion: "2" }))).toBe(false);
  expect(is(at(2_000, { promptName: "p", promptVersion: "3" }))).toBe(true);
  expect(is(at(2_000, { promptName: "q", promptVersion: "9" }))).toBe(false);
  expect(is(at(500), { resolution: { kind: "time" }, resolvedAt })).toBe(false);
  expect(is(at(2_000), { resolution: { kind: "time" }, resolvedAt })).toBe(true);
});

test("fingerprints join the issue that means the same, within one tool and status", () => {
  const cause = (message: string, more = {}) => causeOf({ kind: "error", message, ...more });
  const added = [
    { ...cause("refused"), fingerprint: "a", vector: [1, 0] },
    { ...cause("was refused"), fingerprint: "b", vector: [0.9, 0.1] },
    { ...cause("refused", { statusCode: "500" }), fingerprint: "c", vector: [1, 0] },
    { ...cause("refused", { statusCode: "429" }), fingerprint: "d", vector: [1, 0] },
    { ...cause("other"), fingerprint: "e", vector: [0, 1] },
    { ...cause("refused", { toolName: "x" }), fingerprint: "f", vector: [1, 0] },
    { ...cause("unknown"), fingerprint: "g", vector: null },
  ];
  let ids = 0;
  const issues = joinFingerprints(added, [], () => `issue ${++ids}`);
  const of = (fingerprint: string) => issues.get(fingerprint);
  expect(of("a")).toBe(of("b"));
  expect(of("a")).toBe(of("c"));
  expect(of("d")).not.toBe(of("a"));
  expect(new Set(["a", "d", "e", "f", "g"].map(of)).size).toBe(5);
});

test("only the times of receipt decide at which span an error counts", () => {
  const row = (span_id: string, parent_span_id: string, received_ms: number) => ({
    trace_id: "t",
    span_id,
    parent_span_id,
    received_ms,
  });
  const counted = (...rows: ReturnType<typeof row>[]) => {
    const passed = passedOn(rows, rows);
    return rows.filter((one) => !isIn(passed, one)).map(({ span_id }) => span_id);
  };
  const late = SETTLE_MS + 1;
  // The child arrives in time, or before its parent: it counts. Too late: the parent has been counted.
  expect(counted(row("parent", "", 0), row("child", "parent", SETTLE_MS))).toEqual(["child"]);
  expect(counted(row("parent", "", 90_000), row("child", "parent", 0))).toEqual(["child"]);
  expect(counted(row("parent", "", 0), row("child", "parent", late))).toEqual(["parent"]);
  // A chain counts once, whichever part of it is late.
  expect(counted(row("a", "", 0), row("b", "a", 8_000), row("c", "b", 16_000))).toEqual(["b"]);
  expect(counted(row("a", "", 0), row("b", "a", late), row("c", "b", late))).toEqual(["a"]);
  // Two failed tools of one agent are two failures.
  expect(counted(row("agent", "", 0), row("x", "agent", 5), row("y", "agent", 9))).toEqual(["x", "y"]);
  expect(counted(row("x", "agent", 0), row("y", "agent", 60_000), row("agent", "", 65_000))).toEqual(["x", "y"]);
  // Errors that are not linked do not influence each other.
  expect(counted(row("one", "", 0), row("other", "ok", late))).toEqual(["one", "other"]);
  expect(counted(row("self", "self", 0))).toEqual(["self"]);
});
