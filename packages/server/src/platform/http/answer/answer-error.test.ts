import { expect, test } from "vitest";
import { AppError } from "../../../kernel/errors.ts";
import { startHttp } from "../testing/start-http.ts";

test("a provider that is away is one line of the log with its reason, a bug is an error with its stack", async () => {
  const fails = [
    new AppError("provider_failed", { cause: new Error("api.example refuses connections") }),
    new Error("a bug"),
  ];
  const fail = async (): Promise<never> => {
    throw fails.shift();
  };
  const server = await startHttp({ handlers: { "POST /api/v1/notes": fail } });
  const post = async () => (await server.post("/api/v1/notes", JSON.stringify({ text: "x" }))).status;
  expect([await post(), await post()]).toEqual([502, 500]);
  await server.close();
  const lines = server
    .logged()
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
  const [away, bug] = lines.filter(({ msg }) => msg === "request failed");
  expect(away).toEqual({
    level: "warn",
    time: expect.any(String),
    code: "provider_failed",
    requestId: expect.any(String),
    reason: "api.example refuses connections",
    msg: "request failed",
  });
  expect(bug).toMatchObject({
    level: "error",
    code: "internal",
    error: { message: "a bug", stack: expect.anything() },
  });
});
