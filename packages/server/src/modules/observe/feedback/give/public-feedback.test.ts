import { afterAll, beforeAll, expect, test } from "vitest";
import { makeSpan } from "../../traces/testing/make-span.ts";
import { openTestFeedback } from "../testing/open-feedback.ts";

let world: Awaited<ReturnType<typeof openTestFeedback>>;
beforeAll(async () => {
  world = await openTestFeedback();
});
afterAll(() => world.close());

const HERE = "203.0.113.7";

async function withToken(more: object = {}) {
  const scope = await world.newScope();
  const span = makeSpan();
  await world.keep(scope, [span]);
  const target = { traceId: span.traceId, spanId: span.spanId };
  const settings = { target, names: [], userId: "", expiresInSeconds: 60, perMinute: 20, ...more };
  return { scope, target, token: (await world.feedback.createToken(scope, settings)).token };
}
const say = (token: string, more: object = {}) =>
  world.feedback.givePublic({ token, name: "helpful", value: true, comment: "", metadata: {}, ...more }, HERE);

test("a token gives feedback on its own target, and giving it again replaces it", async () => {
  const { scope, target, token } = await withToken();
  await say(token);
  world.time.now += 10;
  await say(token, { value: false, comment: "no" });
  await world.spool.flush();
  expect(await world.list(scope)).toMatchObject([
    { target, source: "widget", value: false, comment: "no", givenBy: "" },
  ]);
});

test("a token that was made up, changed or has run out is refused, and nothing is stored", async () => {
  const { scope, token } = await withToken();
  const changed = `${token.slice(0, -3)}${token.endsWith("AAA") ? "BBB" : "AAA"}`;
  for (const bad of ["", "fbt_", "fbt_v1.AAAA", `${token}x`, changed, "x".repeat(4_000)])
    await expect(say(bad)).rejects.toMatchObject({
      code: "unauthorized",
      message: expect.stringContaining("not valid on this server"),
    });
  world.time.now += 60_001;
  await expect(say(token)).rejects.toMatchObject({
    code: "unauthorized",
    message: expect.stringContaining("expired at"),
  });
  await world.spool.flush();
  expect(await world.list(scope)).toEqual([]);
});

test("a token for some names is for no other", async () => {
  const { token } = await withToken({ names: ["helpful"] });
  await say(token);
  await expect(say(token, { name: "admin" })).rejects.toMatchObject({ code: "forbidden" });
});

test("no token is made for a trace of another project, and one for a deleted trace is of no use", async () => {
  const { scope, target, token } = await withToken();
  const other = await world.newScope();
  const settings = { target, names: [], userId: "", expiresInSeconds: 60, perMinute: 20 };
  await expect(world.feedback.createToken(other, settings)).rejects.toMatchObject({ code: "not_found" });
  await world.traces.deleteTrace(scope, target.traceId);
  await expect(say(token)).rejects.toMatchObject({ code: "not_found" });
});

test("a token has a limit of uses per minute, each address a limit for all tokens, and both refill", async () => {
  const { token } = await withToken({ perMinute: 2 });
  await say(token);
  await say(token, { value: false });
  await expect(say(token)).rejects.toMatchObject({ code: "rate_limited", retryAfterSeconds: 30 });
  world.time.elapsed += 30_000;
  await say(token);
  world.time.elapsed += 60_000;
  for (let tries = 0; tries < 600; tries++) await expect(say("fbt_no")).rejects.toMatchObject({ code: "unauthorized" });
  await expect(say("fbt_no")).rejects.toMatchObject({ code: "rate_limited" });
});
