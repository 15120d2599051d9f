import { defineApi } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import { mount } from "./handlers.ts";
import { startHttp } from "./testing/start-http.ts";

let checked = 0;
const Answer = z.object({ text: z.string().refine(() => ++checked > 0) });
const api = defineApi({
  "GET /api/v1/kept": { name: "getKept", summary: "Kept", permission: "traces:read", response: Answer },
  "GET /api/v1/made": { name: "getMade", summary: "Made", permission: "traces:read", response: Answer },
});
const kept = Object.freeze({ text: "the same", inner: "not in the contract" });

let open: Awaited<ReturnType<typeof startHttp>>;
beforeAll(async () => {
  open = await startHttp({
    mounted: [
      mount(api, {
        "GET /api/v1/kept": async ({ headers, setHeader, setStatus }) => {
          setHeader("etag", '"1"');
          setHeader("cache-control", "private, no-cache");
          if (headers["if-none-match"] === '"1"') setStatus(304);
          return kept;
        },
        "GET /api/v1/made": async () => ({ text: "new" }),
      }),
    ],
  });
});
afterAll(() => open.close());

test("an answer that is frozen is checked and written once, and any other each time", async () => {
  for (let time = 0; time < 3; time++)
    expect(await (await open.get("/api/v1/kept")).text()).toBe('{"text":"the same"}');
  expect(checked).toBe(1);
  for (let time = 0; time < 3; time++) expect(await (await open.get("/api/v1/made")).text()).toBe('{"text":"new"}');
  expect(checked).toBe(4);
});

test("what the caller has already is not sent again, under the handler's own headers", async () => {
  const answer = await open.get("/api/v1/kept", { "if-none-match": '"1"' });
  expect([answer.status, await answer.text()]).toEqual([304, ""]);
  expect(answer.headers.get("etag")).toBe('"1"');
  expect(answer.headers.get("cache-control")).toBe("private, no-cache");
  expect(answer.headers.get("content-type")).toBe(null);
  expect((await open.get("/api/v1/made")).headers.get("cache-control")).toBe("no-store");
});
