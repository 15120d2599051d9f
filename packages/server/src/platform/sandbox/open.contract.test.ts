import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSandbox } from "./open.ts";
import type { Sandbox } from "./port.ts";

/** The tests of every sandbox. */
describe("a sandbox of processes", () => {
  let sandbox: Sandbox;
  beforeAll(() => {
    sandbox = openSandbox();
  });
  afterAll(() => sandbox.close());

  const run = (
    code: string,
    { input = {}, timeMs = 1_000, memoryMb = 64, signal = new AbortController().signal } = {},
  ) => sandbox.run({ code, entry: "score", input, limits: { timeMs, memoryMb } }, signal);

  test("TypeScript runs with its input, and its logs are returned", async () => {
    const code = `type Sample = { output: string };
      export default async function score({ output }: Sample): Promise<number> { console.log("seen", { output }); return output.length; }`;
    expect(await run(code, { input: { output: "four" } })).toEqual({
      kind: "value",
      value: 4,
      logs: ['seen {"output":"four"}'],
    });
  });

  test("calls at the same time each have a process, and later ones use both again", async () => {
    const wait = "const until = Date.now() + 60; while (Date.now() < until);";
    const code = `function score() { ${wait} return 1; }`;
    const both = () => Promise.all([run(code), run(code)]);
    expect(await both()).toMatchObject([{ value: 1 }, { value: 1 }]);
    const times: number[] = [];
    for (let round = 0; round < 10; round++) {
      const startedAt = performance.now();
      expect(await both()).toMatchObject([{ value: 1 }, { value: 1 }]);
      times.push(performance.now() - startedAt);
    }
    // One after the other takes 120 ms, and a new process longer than that. The best round counts, as the machine may be busy.
    expect(Math.min(...times)).toBeLessThan(115);
  });

  test("nothing of one sample is left for the next", async () => {
    const code = "let seen = 0; function score() { return ++seen; }";
    expect([await run(code), await run(code)]).toMatchObject([{ value: 1 }, { value: 1 }]);
  });

  test.each([
    ["a loop without end", "function score() { for (;;); }", "too-slow"],
    ["a loop of promises without end", "async function score() { for (;;) await null; }", "too-slow"],
    ["a promise that never settles", "const score = () => new Promise(() => {});", "unreadable"],
    ["an error", "function score() { throw new Error('no such field'); }", "thrown"],
    ["an error before the function", "throw 1; function score() {}", "thrown"],
    ["no function of that name", "function other() {}", "syntax"],
    ["code that cannot be read", "function score( {", "syntax"],
    ["a value that JSON cannot say", "function score() { const a = {}; a.a = a; return a; }", "unreadable"],
    [
      "a heap without end",
      "function score() { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); }",
      "too-much-memory",
    ],
  ])(
    "%s is a separate outcome, and the next code runs",
    async (_what, code, kind) => {
      expect(await run(code, { timeMs: kind === "too-much-memory" ? 20_000 : 500 })).toMatchObject({ kind });
      expect(await run("const score = () => 'well';")).toMatchObject({ kind: "value", value: "well" });
    },
    40_000,
  );

  test("buffers outside the heap are counted too", async () => {
    const code = "function score() { const all = []; for (;;) all.push(new Uint8Array(1e6).fill(1)); }";
    expect(["too-much-memory", "thrown"]).toContain((await run(code, { timeMs: 20_000 })).kind);
  }, 40_000);

  test.each([
    ["this.constructor.constructor('return process')()"],
    ["console.log.constructor('return process')()"],
    ["eval('1')"],
    ["process.env"],
    ["require('node:fs')"],
    ["fetch('http://127.0.0.1')"],
    [
      "(() => { let f = () => f(); try { f(); } catch (error) { return error.constructor.constructor('return process')(); } })()",
    ],
  ])("%s leads nowhere", async (expression) => {
    expect(await run(`function score() { return ${expression}; }`)).toMatchObject({ kind: "thrown" });
  });

  test("an import leads nowhere, nor does the error it gives", async () => {
    const code = `async function score() {
      try { return Object.keys(await import("node:fs")); }
      catch (error) { return error.constructor.constructor("return process")().pid; } }`;
    expect(await run(code)).toMatchObject({ kind: "thrown" });
  });

  test("no network is reached", async () => {
    let runCount = 0;
    const server = createServer((_request, response) => {
      runCount++;
      response.end("here");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const code = `async function score() {
      const ways = [() => fetch("http://127.0.0.1:${port}"), () => new WebSocket("ws://127.0.0.1:${port}"),
        () => import("node:net"), () => process.getBuiltinModule("node:net").connect(${port})];
      const said = [];
      for (const way of ways) { try { await way(); said.push("in"); } catch { said.push("out"); } }
      return said; }`;
    expect(await run(code)).toMatchObject({ value: ["out", "out", "out", "out"] });
    expect(runCount).toBe(0);
    server.close();
  });

  test("an abort ends it immediately", async () => {
    const controller = new AbortController();
    const running = run("function score() { for (;;); }", { timeMs: 20_000, signal: controller.signal });
    setTimeout(() => controller.abort(new Error("stopped")), 100);
    await expect(running).rejects.toThrow("stopped");
  });

  test("what cannot be read is known without being run", () => {
    expect(sandbox.check({ code: "const score = (a: number) => a;", entry: "score" })).toBeNull();
    expect(sandbox.check({ code: "\nconst = 1", entry: "score" })).toMatch(/^Line 2: \w/);
    expect(sandbox.check({ code: "let a = 1;\n\nlet a = 2;", entry: "score" })).toBe(
      "Line 3: Identifier 'a' has already been declared",
    );
    expect(sandbox.check({ code: "", entry: "a b" })).toContain("not a valid function name");
    expect(sandbox.check({ code: "x".repeat(300_000), entry: "score" })).toContain("200000");
  });
});
