import { createClient } from "@treadle/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
const traceId = "0af7651916cd43dd8448eb211c80319d";
const target = { traceId };
beforeAll(async () => {
  treadle = await openSharedTreadle();
  const { call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  await call("POST /api/v1/spans", {
    body: {
      spans: [{ traceId, spanId: "b7ad6b7169203331", name: "a", startTime: new Date().toISOString(), durationMs: 1 }],
    },
  });
  await call("POST /api/v1/score-configs", { body: { name: "stars", type: "number", min: 1, max: 5 } });
  const categories = [{ label: "kind" }, { label: "rude" }];
  await call("POST /api/v1/score-configs", { body: { name: "tone", type: "category", categories } });
}, 120_000);
afterAll(() => treadle?.stop());

async function post(path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const response = await fetch(treadle.url + path, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body,
  });
  const text = await response.text();
  return { status: response.status, message: String(JSON.parse(text).error?.message ?? ""), headers: response.headers };
}
const give = (body: string) => post("/api/v1/feedback", body, { authorization: `Bearer ${treadle.apiKey}` });
const bodyWith = (more: object) => JSON.stringify({ target, name: "helpful", ...more });

test.each([
  ["a comment of a million characters", bodyWith({ comment: "x".repeat(1_000_000) }), "body.comment"],
  ["a correction of a million characters", bodyWith({ correction: "x".repeat(1_000_000) }), "body.correction"],
  ["a value that is no number", `{"target":{"traceId":"${traceId}"},"name":"stars","value":NaN}`, ""],
  ["a value without bound", `{"target":{"traceId":"${traceId}"},"name":"stars","value":1e999}`, "too large"],
  ["a value out of its range", bodyWith({ name: "stars", value: 6 }), '`value` is 6, but "stars" must be from 1 to 5'],
  ["a word that is none of the category's", bodyWith({ name: "tone", value: "odd" }), "must be one of kind, rude"],
  ["a target of two things", bodyWith({ target: { traceId, sessionId: "s" }, value: 1 }), "exactly one of"],
  [
    "a span without its trace",
    bodyWith({ target: { sessionId: "s", spanId: "b7ad6b7169203331" }, value: 1 }),
    "needs the traceId",
  ],
  [
    "a trace id that is none",
    bodyWith({ target: { traceId: "../../etc/passwd" }, value: 1 }),
    "32 lower-case hexadecimal",
  ],
  ["nothing at all", bodyWith({}), "says nothing"],
  ["a name that no filter can write", bodyWith({ name: "a b", value: 1 }), "body.name"],
  ["a field that there is not", bodyWith({ value: 1, source: "ui" }), "source"],
  ["a time of the last century", bodyWith({ value: 1, time: "1999-01-01T00:00:00Z" }), "last five years"],
])("%s is refused with a sentence that says what is wrong", async (_, body, words) => {
  const answer = await give(body);
  expect(answer.status).toBe(400);
  expect(answer.message).toContain(words);
});

test("U+0000, prototypes and markup are stored unchanged and read as text, and half a surrogate pair is rejected", async () => {
  const comment = "<script>alert(1)</script> \u0000 __proto__ =cmd|'/c calc'!A1 {{7*7}}";
  const body = `{"target":{"traceId":"${traceId}"},"name":"odd","value":"a\\u0000b","comment":${JSON.stringify(comment)},"metadata":{"__proto__":{"isAdmin":true}}}`;
  expect((await give(body)).status).toBe(201);
  const { call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const read = async () => (await call("GET /api/v1/feedback", { query: { name: "odd" } })).items;
  await expect.poll(async () => (await read()).length, { timeout: 15_000 }).toBe(1);
  const [item] = await read();
  expect(item?.comment).toBe(comment);
  expect((await give(body.replace("{{7*7}}", "\\ud800"))).message).toContain("body.comment contains half");
  expect(Reflect.get({}, "isAdmin")).toBeUndefined();
});

test("a page of any site may give feedback with a token, and reads why it may not; nothing else is open to it", async () => {
  const origin = { origin: "https://shop.example" };
  const key = { authorization: `Bearer ${treadle.apiKey}` };
  const asked = await fetch(`${treadle.url}/api/v1/public/feedback`, {
    method: "OPTIONS",
    headers: { ...origin, "access-control-request-method": "POST", "access-control-request-headers": "content-type" },
  });
  expect(asked.status).toBe(204);
  expect(asked.headers.get("access-control-allow-origin")).toBe("*");
  expect(asked.headers.get("access-control-allow-credentials")).toBeNull();
  const refused = await post(
    "/api/v1/public/feedback",
    JSON.stringify({ token: "fbt_v1.x", name: "a", value: 1 }),
    origin,
  );
  expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([401, "*"]);
  const large = JSON.stringify({ token: "fbt_v1.x", comment: "x".repeat(700_000) });
  expect((await post("/api/v1/public/feedback", large, origin)).status).toBe(413);
  expect((await post("/api/v1/feedback", bodyWith({ value: 1 }), { ...origin, ...key })).status).toBe(403);
  const { call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey });
  const { token } = await call("POST /api/v1/feedback-tokens", { body: { target } });
  const given = await post("/api/v1/public/feedback", JSON.stringify({ token, name: "a", value: 1 }), origin);
  expect(given.status).toBe(201);
});
