import { beforeEach, expect, test } from "vitest";
import { createCredentialCache } from "./credential-cache.ts";

let now = 0;
let asked: string[] = [];
let answer: () => Promise<string | null>;
const clock = { now: () => now, elapsed: () => now };
const create = () =>
  createCredentialCache<string>({
    clock,
    load: (hash) => {
      asked.push(hash);
      return answer();
    },
  });

beforeEach(() => {
  now = 0;
  asked = [];
  answer = async () => "caller";
});

test("many concurrent requests query once, and the answer is cached for ten seconds", async () => {
  const remembered = create();
  await Promise.all([1, 2, 3].map(() => remembered.lookUp("a")));
  now = 9_999;
  expect(remembered.recall("a")).toBe("caller");
  expect(asked).toEqual(["a"]);
});

test("later, the cached answer is returned while it is refreshed; after a minute, it is refreshed first", async () => {
  const remembered = create();
  await remembered.lookUp("a");
  now = 10_000;
  answer = async () => "changed";
  expect(remembered.recall("a")).toBe("caller");
  await expect.poll(() => remembered.recall("a")).toBe("changed");
  now = 80_000;
  expect(remembered.recall("a")).toBeUndefined();
});

test("while the database is unavailable, valid keys remain valid for ten minutes, and no other key works", async () => {
  const remembered = create();
  await remembered.lookUp("a");
  answer = () => Promise.reject(new Error("away"));
  now = 300_000;
  expect(await remembered.lookUp("a")).toBe("caller");
  await expect(remembered.lookUp("b")).rejects.toThrow("away");
  now = 601_000;
  await expect(remembered.lookUp("a")).rejects.toThrow("away");
});

test("an answer that was on its way when a caller was forgotten is not kept", async () => {
  const remembered = create();
  let give = (_: string | null) => {};
  answer = () =>
    new Promise((resolve) => {
      give = resolve;
    });
  const underway = remembered.lookUp("a");
  remembered.forget("a");
  give("caller");
  await underway;
  expect(remembered.recall("a")).toBeUndefined();
});

test("a wrong key is cached for ten seconds, and a key created meanwhile works after its notification", async () => {
  const remembered = create();
  answer = async () => null;
  expect(await remembered.lookUp("a")).toBeNull();
  expect(remembered.recall("a")).toBeNull();
  remembered.forget("a");
  expect(remembered.recall("a")).toBeUndefined();
});

test("however many credentials are tried, memory does not grow without end and the newest are known", async () => {
  const remembered = create();
  for (let count = 0; count <= 10_000; count++) await remembered.lookUp(`key ${count}`);
  expect(remembered.recall("key 0")).toBeUndefined();
  expect(remembered.recall("key 10000")).toBe("caller");
});
