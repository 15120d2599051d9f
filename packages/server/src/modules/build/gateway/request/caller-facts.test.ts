import { expect, test } from "vitest";
import { readFacts, readTraceParent } from "./caller-facts.ts";

const body = { model: "m" };

test("headers set the facts of a call, and the body fills the rest", () => {
  const headers = {
    "x-treadle-user": "ada",
    "x-treadle-tags": " a,,b ",
    "x-treadle-metadata": '{"k":"header","n":1}',
    "x-treadle-environment": "prod",
  };
  expect(readFacts(headers, { ...body, user: "bob", metadata: { k: "body", session_id: "s1" } })).toMatchObject({
    userId: "ada",
    sessionId: "s1",
    environment: "prod",
    tags: ["a", "b"],
    metadata: { k: "header", n: "1", session_id: "s1" },
  });
  expect(readFacts({}, { ...body, user: "bob" }).userId).toBe("bob");
  expect(readFacts({}, { ...body, safety_identifier: "eve" }).userId).toBe("eve");
  expect(readFacts({}, { ...body, metadata: { user_id: "anthropic" } }).userId).toBe("anthropic");
});

test("coding agents send their session and user in their own forms", () => {
  const claude = { device_id: "d1", account_uuid: "", session_id: "s1" };
  const read = (request: object, headers = {}) => {
    const { userId, sessionId } = readFacts(headers, { ...body, ...request });
    return [userId, sessionId];
  };
  const user = (user_id: string) => ({ metadata: { user_id } });
  expect(read(user(JSON.stringify(claude)))).toEqual(["d1", "s1"]);
  expect(read(user(JSON.stringify({ ...claude, account_uuid: "a1" })))).toEqual(["a1", "s1"]);
  expect(read(user("user_d1_account__session_s1"))).toEqual(["d1", "s1"]);
  expect(read(user("user_d1_account_a1_session_s1"))).toEqual(["a1", "s1"]);
  expect(read(user("ada"), { "x-claude-code-session-id": "s2" })).toEqual(["ada", "s2"]);
  expect(read({}, { "x-session-id": "ses_1" })).toEqual(["", "ses_1"]);
  expect(read({ client_metadata: { session_id: "s3" } })).toEqual(["", "s3"]);
  expect(read(user(JSON.stringify(claude)), { "x-treadle-user": "eve", "x-treadle-session": "mine" })).toEqual([
    "eve",
    "mine",
  ]);
  const endless = `user_${"_account_".repeat(100_000)}`;
  expect(read(user(endless))).toEqual([endless.slice(0, 500), ""]);
  for (const other of ['{"name":"ada"}', "{not json", "user_ada", '{"session_id":7}', "[]"])
    expect(read(user(other))).toEqual([other, ""]);
});

test.each([
  ["x-treadle-metadata", "[1]"],
  ["x-treadle-metadata", "{not json"],
  ["x-treadle-cache", "soon"],
  ["x-treadle-cache", "-1"],
  ["x-treadle-cache", "1e99"],
])("%s: %j is refused and named", (header, value) => {
  expect(() => readFacts({ [header]: value }, body)).toThrow(
    expect.objectContaining({ code: "invalid_request", details: { param: header } }),
  );
});

test("a long value is cut to the limits of a span", () => {
  const facts = readFacts(
    {
      "x-treadle-user": "u".repeat(600),
      "x-treadle-tags": Array.from({ length: 200 }, (_, index) => `${index}`.padEnd(300, "t")).join(),
      "x-treadle-metadata": JSON.stringify({ ["k".repeat(300)]: "v".repeat(20_000) }),
    },
    body,
  );
  expect([facts.userId.length, facts.tags.length, facts.tags[0]?.length]).toEqual([500, 100, 200]);
  expect(Object.entries(facts.metadata).map(([name, value]) => [name.length, value.length])).toEqual([[200, 10_000]]);
});

test("a cache time of 0 turns the cache off, and a missing one leaves it to the configuration", () => {
  expect(readFacts({ "x-treadle-cache": "0" }, body).cacheSeconds).toBe(0);
  expect(readFacts({}, body).cacheSeconds).toBeNull();
});

test.each([
  "00-00000000000000000000000000000000-b7ad6b7169203331-01",
  "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
  "nonsense",
  "00-ABC",
  "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-more",
  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-010",
  "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.more",
])("the trace parent %j is ignored, as its specification asks", (header) => expect(readTraceParent(header)).toBeNull());

test.each([
  "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
  "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-what-a-later-version-adds",
])("the trace parent %j is the parent of the call", (header) =>
  expect(readTraceParent(header)).toEqual({
    traceId: "0af7651916cd43dd8448eb211c80319c",
    spanId: "b7ad6b7169203331",
  }),
);

test("a name in UTF-8 or in Latin-1 is read correctly", () => {
  const asNodeReads = (text: string) => Buffer.from(text).toString("latin1");
  expect(readFacts({ "x-treadle-user": asNodeReads("Zoë 李") }, body).userId).toBe("Zoë 李");
  expect(readFacts({ "x-treadle-metadata": asNodeReads('{"who":"Zoë"}') }, body).metadata).toEqual({ who: "Zoë" });
  expect(readFacts({ "x-treadle-user": "Zo\xeb" }, body).userId).toBe("Zoë");
});

test("a repeated tag counts once", () =>
  expect(readFacts({ "x-treadle-tags": "a, b,a" }, body).tags).toEqual(["a", "b"]));
