import { expect, test } from "vitest";
import { createLog } from "./pino-log.ts";

const capture = () => {
  const lines: string[] = [];
  return { lines, log: createLog("info", { write: (line: string) => void lines.push(line) }) };
};

test("a line is JSON with a level, a time and the message", () => {
  const { lines, log } = capture();
  log.info({ port: 1 }, "listening");
  expect(JSON.parse(lines[0] ?? "")).toMatchObject({
    level: "info",
    port: 1,
    msg: "listening",
    time: expect.stringMatching(/^\d{4}-/),
  });
});

test("lines below the level are not written", () => {
  const { lines, log } = capture();
  log.debug({}, "quiet");
  expect(lines).toEqual([]);
});

test("fields that carry secrets are censored at the top and one level down", () => {
  const { lines, log } = capture();
  log.warn({ authorization: "s3cret", request: { headers: { a: "s3cret" }, password: "s3cret" } }, "x");
  expect(lines.join("")).not.toContain("s3cret");
});

test("an error is written with its causes but without the data its message quotes", () => {
  const { lines, log } = capture();
  const query = new Error("Failed query: select $1\nparams: s3cret");
  let syntax: unknown;
  try {
    JSON.parse("s3cret");
  } catch (error) {
    syntax = error;
  }
  query.cause = syntax;
  log.error({ error: new Error("outer", { cause: query }) }, "failed");
  const line = lines.join("");
  expect(line).not.toContain("s3cret");
  expect(JSON.parse(line).error).toMatchObject({
    message: "outer",
    cause: { message: "Failed query: select $1", cause: { name: "SyntaxError" } },
  });
});

test("no name for an error lets out the parameters of a failed query", () => {
  const { lines, log } = capture();
  const query = Object.assign(new Error("Failed query: select $1\nparams: s3cret"), { params: ["s3cret"] });
  log.error({ err: query }, "failed");
  log.error({ error: query }, "failed");
  expect(lines.join("")).not.toContain("s3cret");
});
