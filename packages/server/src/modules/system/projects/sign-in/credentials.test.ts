import { expect, test } from "vitest";
import { isKeyShaped, keyOf, sessionTokenOf } from "./credentials.ts";

const token = "a".repeat(43);
const basic = `Basic ${Buffer.from("user:the-key:with-colon").toString("base64")}`;

test("a key is found wherever clients put it", () => {
  expect(keyOf({ authorization: "Bearer k" })).toBe("k");
  expect(keyOf({ authorization: "bearer k" })).toBe("k");
  expect(keyOf({ authorization: basic })).toBe("the-key:with-colon");
  expect(keyOf({ "x-api-key": "k" })).toBe("k");
  expect(keyOf({ authorization: "Bearer a", "x-api-key": "b" })).toBe("a");
  expect(keyOf({ authorization: "", cookie: "x=1" })).toBeNull();
});

test("Basic credentials that a proxy asked for do not shut out who is signed in", () => {
  expect(keyOf({ authorization: basic, cookie: `treadle_session=${token}` })).toBeNull();
});

test("a session is found among other cookies, and only whole", () => {
  expect(sessionTokenOf(`theme=dark; treadle_session=${token}; x=y`)).toBe(token);
  for (const cookie of [
    `other_treadle_session=${token}`,
    "treadle_session=short",
    `treadle_session=${token}x`,
    "",
    undefined,
  ]) {
    expect(sessionTokenOf(cookie)).toBeNull();
  }
});

test("a key has 16 to 200 printable characters", () => {
  expect([
    isKeyShaped("k".repeat(16)),
    isKeyShaped("k".repeat(15)),
    isKeyShaped("k".repeat(201)),
    isKeyShaped(`${"k".repeat(20)} `),
  ]).toEqual([true, false, false, false]);
});
