import { afterEach, expect, test } from "vitest";
import { startHttp } from "../testing/start-http.ts";

let http: Awaited<ReturnType<typeof startHttp>> | undefined;
afterEach(async () => {
  await http?.close();
  http = undefined;
});

test.each(["constructor", "__proto__"])(
  "a content encoding named %s is refused like any other unknown one",
  async (name) => {
    http = await startHttp();
    const answer = await http.post("/api/v1/sign-in", "{}", { "content-encoding": name });
    expect(answer.status).toBe(415);
    expect((await http.get("/healthz")).status).toBe(200);
  },
);

test("a handler that breaks after it gave the head breaks the connection off, and leaves no caller waiting", async () => {
  http = await startHttp({
    handlers: {
      "POST /v1/messages": async ({ sink }) => {
        sink.head(200, {});
        throw new Error("a bug");
      },
    },
  });
  const asked = { model: "m", messages: [{ role: "user" }] };
  await expect(http.post("/v1/messages", JSON.stringify(asked)).then((answer) => answer.text())).rejects.toThrow();
  expect(http.logged()).toContain("a bug");
});
