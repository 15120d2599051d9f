import type { FailureClass } from "@treadle/contract";
import { expect, test } from "vitest";
import type { PlannedTarget } from "../resolve/resolve-model.ts";
import { createTargetQueue } from "./target-queue.ts";

const target = (name: string, ...on: FailureClass[]): PlannedTarget => ({
  kind: "local",
  name,
  model: name,
  variant: null,
  on: on.length === 0 ? null : on,
});
const open = (targets: PlannedTarget[], ...resting: string[]) =>
  createTargetQueue(targets, ({ name }) => resting.includes(name));

test("a fallback is tried only after a failure of its classes, and also after a later one", () => {
  const queue = open([target("first"), target("long", "context-length"), target("spare", "rate-limit", "timeout")]);
  expect(queue.next()?.target.name).toBe("first");
  expect([queue.hasOther("timeout"), queue.hasOther("error")]).toEqual([true, false]);
  queue.fail("timeout");
  expect(queue.next()?.target.name).toBe("spare");
  queue.fail("context-length");
  expect(queue.next()?.target.name).toBe("long");
  expect(queue.next()).toBeNull();
});

test("nothing is tried after a failure that no fallback names", () => {
  const queue = open([target("first"), target("spare", "timeout")]);
  queue.next();
  queue.fail("content-filter");
  expect(queue.next()).toBeNull();
});

test("a target whose provider has asked for a pause counts as rate-limited, and is tried last", () => {
  const queue = open([target("first"), target("other", "error"), target("spare", "rate-limit")], "first");
  expect(queue.next()).toMatchObject({ target: { name: "spare" }, passed: { name: "first" } });
  queue.fail("unavailable");
  expect(queue.next()).toMatchObject({ target: { name: "first" }, passed: null });
  expect(queue.next()).toBeNull();
});

test("a target whose provider has asked for a pause is tried if no other one is left", () => {
  expect(open([target("only")], "only").next()).toMatchObject({ target: { name: "only" }, passed: null });
  const queue = open([target("first"), target("spare")], "spare");
  queue.next();
  expect(queue.hasOther("error")).toBe(false);
});
