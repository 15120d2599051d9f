import { EventEmitter } from "node:events";
import type { IncomingMessage, ServerResponse } from "node:http";
import { expect, test } from "vitest";
import { createBodyBudget } from "./body-budget.ts";

const request = (headers: object) => ({ headers }) as IncomingMessage;
const response = () => new EventEmitter() as unknown as ServerResponse;

test("bodies are let in until they come to the budget together, and again once one is answered", () => {
  const admit = createBodyBudget(100);
  const first = response();
  expect(admit(request({ "content-length": "60" }), first)).toBeNull();
  expect(admit(request({ "content-length": "41" }), response())).toMatchObject({
    code: "overloaded",
    retryAfterSeconds: 1,
  });
  expect(admit(request({ "content-length": "5", "content-encoding": "gzip" }), response())).toBeNull();
  expect(admit(request({ "content-length": "1" }), response())).toMatchObject({ code: "overloaded" });
  first.emit("close");
  expect(admit(request({ "content-length": "60" }), response())).toBeNull();
});

test("a body larger than the budget is let in when it is alone, and one without a length counts as one", () => {
  const admit = createBodyBudget(100);
  expect(admit(request({}), response())).toBeNull();
  expect(admit(request({ "content-length": "1" }), response())).toMatchObject({ code: "overloaded" });
});
