import { expect, test } from "vitest";
import {
  readCheckFacts,
  readGuardFacts,
  readStageChecks,
  readStageFacts,
  reasonLabel,
  withoutGuardFacts,
} from "./read-guard-facts.ts";

const place = (path: string, trust = "user") => ({ path, trust });
const email = { rule: 1, detector: "personal-data", kind: "email", action: "mask", offsets: [[0, 4]] };
const attributes = {
  "http.method": "POST",
  "treadle.guard.policy": "gpol_1",
  "treadle.guard.version": 3,
  "treadle.guard.action": "redact",
  "treadle.guard.ms": 1.5,
  "treadle.guard.findings": [
    { ...email, ...place("messages.0.content"), view: "text", count: 2, score: 0.7 },
    { ...email, ...place("messages.2.content", "output"), view: "base64", count: 1, score: 1 },
    {
      ...place("messages.0.content"),
      rule: 0,
      detector: "secrets",
      kind: "github-token",
      action: "redact",
      view: "text",
      count: 1,
      score: 1,
    },
    { kind: "broken" },
  ],
  "treadle.guard.not_scanned": [{ ...place("messages.1.content.0"), rule: 0, reason: "unknown-content" }],
};

test("the findings of a rule and kind are counted over all places", () => {
  expect(readGuardFacts(attributes)).toEqual({
    policyId: "gpol_1",
    version: 3,
    action: "redact",
    ms: 1.5,
    findings: [
      {
        rule: 0,
        detector: "secrets",
        kind: "github-token",
        action: "redact",
        count: 1,
        score: 1,
        views: ["text"],
        places: ["User, messages.0.content"],
      },
      {
        rule: 1,
        detector: "personal-data",
        kind: "email",
        action: "mask",
        count: 3,
        score: 1,
        views: ["text", "base64"],
        places: ["User, messages.0.content", "Answers, messages.2.content"],
      },
    ],
    missed: [{ rule: 0, reason: "unknown-content", places: ["User, messages.1.content.0"] }],
  });
  expect(reasonLabel("unknown-content")).toBe("Not a text");
  expect(reasonLabel("asleep")).toBe("asleep");
});

test("lists that were stored as JSON are read, and a span without a guard has no facts", () => {
  const stored = { ...attributes, "treadle.guard.findings": JSON.stringify(attributes["treadle.guard.findings"]) };
  expect(readGuardFacts(stored)).toEqual(readGuardFacts(attributes));
  expect(readGuardFacts({ ...attributes, "treadle.guard.findings": "[{" })?.findings).toEqual([]);
  expect(readGuardFacts({ "http.method": "POST" })).toBeUndefined();
});

test("the attributes of guards are not listed twice", () => {
  expect(withoutGuardFacts(attributes)).toEqual({ "http.method": "POST" });
  const other = { "treadle.guard.note": "without a policy" };
  expect(withoutGuardFacts(other)).toBe(other);
});

const CHECK = { "treadle.check.stage": "request", "treadle.check.policy": "gpol_1", "treadle.check.version": 3 };

test("a span of a check has the findings of its rule", () => {
  const check = {
    ...CHECK,
    "treadle.check.rule": 1,
    "treadle.check.detector": "personal-data",
    "treadle.check.action": "mask",
    "treadle.check.ms": 0.2,
    "treadle.check.findings": [{ ...place("messages.0.content"), kind: "email", action: "mask", count: 2, score: 0.7 }],
  };
  expect(readCheckFacts(check)).toMatchObject({
    policyId: "gpol_1",
    action: "mask",
    findings: [{ rule: 1, detector: "personal-data", kind: "email", count: 2, places: ["User, messages.0.content"] }],
    missed: [],
  });
  expect(readStageChecks(check)).toBeUndefined();
  expect(readGuardFacts(check)).toBeUndefined();
  expect(withoutGuardFacts({ ...check, note: "own" })).toEqual({ note: "own" });
});

test("a span of a stage lists its checks, the clean ones too", () => {
  const listed = [
    { rule: 0, detector: "secrets", version: 2, action: "allow", threshold: 0.5, texts: 3, ms: 0.4 },
    { rule: 1, detector: "judge", action: "block", texts: 0, not_scanned: ["timeout"], ms: 800 },
    { rule: "2" },
  ];
  const stage = { ...CHECK, "treadle.check.action": "block", "treadle.checks": JSON.stringify(listed) };
  expect(readStageChecks(stage)).toEqual([
    {
      rule: 0,
      detector: "secrets",
      action: "allow",
      texts: 3,
      count: 0,
      score: null,
      threshold: 0.5,
      ms: 0.4,
      missed: [],
    },
    {
      rule: 1,
      detector: "judge",
      action: "block",
      texts: 0,
      count: 0,
      score: null,
      threshold: null,
      ms: 800,
      missed: ["timeout"],
    },
  ]);
  expect(readStageFacts(stage)).toMatchObject({ policyId: "gpol_1", version: 3, action: "block", findings: [] });
  expect(readStageFacts(CHECK)).toBeUndefined();
  expect(withoutGuardFacts(stage)).toEqual({});
});
