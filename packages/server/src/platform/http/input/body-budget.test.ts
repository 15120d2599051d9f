import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { createBodyBudget, type Grow } from "./body-budget.ts";

const request = (headers: object = {}) => ({ headers }) as IncomingMessage;
const response = () => new EventEmitter() as unknown as ServerResponse;
const overloaded = { code: "overloaded", retryAfterSeconds: 1 };
const growOf = (admitted: unknown): Grow => {
  if (typeof admitted !== "function") throw new Error("it was refused");
  return admitted as Grow;
};

test("bodies are read until what has come of them is the budget, and again once one is answered", () => {
  const admit = createBodyBudget(100);
  const first = response();
  const grow = growOf(admit(request({ "content-length": "60" }), first));
  const growSecond = growOf(admit(request(), response()));
  expect([grow(60), growSecond(40)]).toEqual([null, null]);
  expect(growSecond(1)).toMatchObject(overloaded);
  expect(admit(request({ "content-length": "1" }), response())).toMatchObject(overloaded);
  first.emit("close");
  expect(growSecond(60)).toBeNull();
});

test("what is only announced takes no room from others", () => {
  const admit = createBodyBudget(100);
  const slow = growOf(admit(request({ "content-length": "100" }), response()));
  expect(slow(1)).toBeNull();
  const quick = growOf(admit(request({ "content-length": "50" }), response()));
  expect(quick(50)).toBeNull();
  expect(slow(50)).toMatchObject(overloaded);
});

test("a body larger than the budget is read when it is alone", () => {
  const admit = createBodyBudget(100);
  const grow = growOf(admit(request({ "content-length": "500" }), response()));
  expect([grow(90), grow(410)]).toEqual([null, null]);
  expect(admit(request(), response())).toMatchObject(overloaded);
});
