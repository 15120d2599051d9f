import { expect, test } from "vitest";
import { guardColumns } from "./guard-columns.ts";

test("the policy with its version, the action, each kind once and the language are columns", () => {
  const findings = [
    { detector: "personal-data", kind: "email", path: "messages.0" },
    { detector: "personal-data", kind: "email", path: "messages.1" },
    { detector: "secrets", kind: "github-token" },
  ];
  const attributes = {
    "treadle.guard.policy": "gpol_1",
    "treadle.guard.version": 3,
    "treadle.guard.action": "mask",
    "treadle.guard.findings": findings,
    "treadle.guard.language": "de",
  };
  expect(guardColumns(attributes)).toEqual({
    guard_policy: "gpol_1@3",
    guard_action: "mask",
    guard_kinds: ["personal-data/email", "secrets/github-token"],
    guard_language: "de",
  });
});

test.each([[{}], [{ "treadle.guard.policy": 3 }], [{ "treadle.guard.action": "block" }]])(
  "a span without a policy has empty columns: %j",
  (attributes) => {
    expect(guardColumns(attributes)).toEqual({
      guard_policy: "",
      guard_action: "",
      guard_kinds: [],
      guard_language: "",
    });
  },
);

test("findings of another program that are no list of objects are left out", () => {
  const attributes = { "treadle.guard.policy": "p", "treadle.guard.findings": ["x", null] };
  expect(guardColumns(attributes).guard_kinds).toEqual([]);
  expect(guardColumns({ ...attributes, "treadle.guard.findings": "many" }).guard_kinds).toEqual([]);
});
