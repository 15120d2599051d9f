import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createLateChecks, createMasks, judgeText, type Rule } from "@treadle/guards";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openSandbox } from "../../../../platform/sandbox/open.ts";
import type { Sandbox } from "../../../../platform/sandbox/port.ts";
import { createScript } from "./script.ts";

let sandbox: Sandbox;
let runs = 0;
beforeAll(() => {
  sandbox = openSandbox({ most: 4 });
});
afterAll(() => sandbox.close());

const script = createScript({
  runCode(request, signal) {
    runs++;
    return sandbox.run(request, signal);
  },
});

/** The verdict under a rule with a script, and what it found. */
async function judge(
  code: string,
  { text = "Hello", memoryMb = 64, ...more }: Partial<Rule> & { text?: string; memoryMb?: number } = {},
) {
  const failure = { "too-long": "open", failed: "closed", timeout: "closed", "unknown-content": "open" } as const;
  const rule = {
    scopes: ["user"] as const,
    action: "flag" as const,
    threshold: 0.5,
    budgetMs: 10_000,
    failure,
    ...more,
  };
  const own = {
    policy: { rules: [{ detector: "script", options: { code, memoryMb }, ...rule }] },
    detectors: new Map(),
    prepare: () => {
      throw new Error("no other detector reads the text");
    },
    masks: createMasks(),
    now: () => 0,
  };
  const late = createLateChecks(own, new Map([["script", script as typeof script & { find: never }]]) as never);
  await late.ask(text, "user");
  const { action, findings, notScanned } = judgeText(text, { ...own, trust: "user", late });
  return { action, notScanned, found: findings.map(({ kind, score }) => `${kind} ${score}`) };
}
const returning = (value: string) => judge(`function guard() { return ${value}; }`);

describe("a script", () => {
  test("gets the text and where it comes from", async () => {
    const code = `type Input = { text: string; trust: string };
      export function guard({ text, trust }: Input) { return trust === "user" && text.includes("refund"); }`;
    expect(await judge(code, { text: "I want a refund" })).toEqual({
      action: "flag",
      notScanned: null,
      found: ["script 1"],
    });
    expect(await judge(code, { text: "Hello" })).toEqual({ action: "allow", notScanned: null, found: [] });
  });

  test.each([
    ["true", ["script 1"]],
    ["false", []],
    ["null", []],
    ["undefined", []],
    ["0.7", ["script 0.7"]],
    ["0.2", []],
    ['[{ kind: "refund", score: 0.9 }, { kind: "anger", score: 0.1 }]', ["refund 0.9"]],
    ['[{ kind: "refund" }, {}]', ["refund 1", "script 1"]],
    ["[]", []],
    ["Promise.resolve(true)", ["script 1"]],
  ])("finds by what it returns: %s", async (value, found) => {
    expect(await returning(value)).toMatchObject({ notScanned: null, found });
  });

  test.each([
    ["2", "failed"],
    ["-1", "failed"],
    ["NaN * 1 || 'text'", "failed"],
    ["{ kind: 'a' }", "failed"],
    ["[{ kind: 'Not A Kind' }]", "failed"],
    ["[{ kind: 'a', score: '1' }]", "failed"],
    ["[{ kind: 'a', start: 1 }]", "failed"],
    ["Array.from({ length: 51 }, () => ({}))", "failed"],
    ['JSON.parse(\'[{ "__proto__": { "score": 1 }, "kind": "a", "constructor": 1 }]\')', "failed"],
    ["[{ toJSON() { return { kind: 'a', score: 1e999 }; } }]", "failed"],
    ["[{ get score() { throw new Error('no'); } }]", "failed"],
    ["new Promise(() => {})", "failed"],
    ["'x'.repeat(2_000_000)", "failed"],
    ["missing", "failed"],
  ])("that returns %s did not scan the text, and the rule's failure policy applies", async (value, reason) => {
    expect(await returning(value)).toEqual({ action: "block", notScanned: reason, found: [] });
    const open = { "too-long": "open", failed: "open", timeout: "open", "unknown-content": "open" } as const;
    expect(await judge(`function guard() { return ${value}; }`, { failure: open })).toMatchObject({ action: "allow" });
    expect(Object.hasOwn(Object.prototype, "score")).toBe(false);
  });

  test("that takes longer than the rule allows is stopped, and the next text is scanned", async () => {
    const startedAt = performance.now();
    expect(await judge("function guard() { for (;;); }", { budgetMs: 500 })).toMatchObject({ notScanned: "timeout" });
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(await returning("true")).toMatchObject({ found: ["script 1"] });
  });

  test("that takes too much memory is stopped", async () => {
    const code = "function guard() { const all = []; for (;;) all.push(new Array(1000).fill(all.length)); }";
    expect(await judge(code, { memoryMb: 16, budgetMs: 40_000 })).toMatchObject({ notScanned: "failed" });
    expect(await returning("true")).toMatchObject({ found: ["script 1"] });
  }, 60_000);

  test("reaches no network, no files, no environment and no process", async () => {
    let calls = 0;
    const server = createServer((_request, response) => {
      calls++;
      response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const code = `async function guard() {
      const ways = [() => fetch("http://127.0.0.1:${port}"), () => import("node:net"), () => import("node:fs"),
        () => require("fs"), () => process.exit(), () => process.env, () => eval("1"), () => new Function("1")(),
        () => this.constructor.constructor("return process")()];
      let open = 0;
      for (const way of ways) { try { await way(); open++; } catch {} }
      return open > 0; }`;
    expect(await judge(code)).toEqual({ action: "allow", notScanned: null, found: [] });
    expect(calls).toBe(0);
    server.close();
  });

  test("runs once for a text that is repeated, and again after a failure", async () => {
    const code = "const guard = ({ text }: { text: string }) => text.length > 3;";
    runs = 0;
    await judge(code);
    await judge(code, { threshold: 0.1 });
    expect(runs).toBe(1);
    await judge(code, { text: "Another" });
    expect(runs).toBe(2);
    await judge("function guard() { throw new Error('no'); }");
    await judge("function guard() { throw new Error('no'); }");
    expect(runs).toBe(4);
  });

  test("keeps nothing of one text for the next", async () => {
    const code = "let seen = 0; function guard() { seen++; return seen > 1; }";
    expect(await judge(code, { text: "one" })).toMatchObject({ found: [] });
    expect(await judge(code, { text: "two" })).toMatchObject({ found: [] });
  });
});
