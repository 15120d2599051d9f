import { expect, test } from "vitest";
import type { Privacy } from "../redaction/index.ts";
import { makeRules } from "../redaction/testing/make-rules.ts";
import { createLiveSpans } from "./reads/live-spans.ts";
import { createCallRecords } from "./record-call.ts";
import { freshScope, makeSpan } from "./testing/make-span.ts";

type Store = Parameters<typeof createCallRecords>[0]["otlp"]["ownSpans"]["store"];

function open(privacy: Privacy, store: Store) {
  const pushed: string[] = [];
  const calls = createCallRecords({
    spool: { push: (_table, row) => void pushed.push(JSON.stringify(row)) },
    traces: { live: createLiveSpans() },
    otlp: { noteCall: () => undefined, ownSpans: { store } },
    privacy,
    traffic: { called: () => undefined },
  });
  return { calls, pushed };
}
const span = () => makeSpan({ name: "chat", input: "ada@example.org", userId: "ada@example.org", inputTokens: 7 });
const settled = () => new Promise((resolve) => setImmediate(resolve));

test("a call of a project with rules is handed over to be redacted, and not stored as it is", async () => {
  const rules = makeRules();
  const stored: unknown[] = [];
  const { calls, pushed } = open({ rulesOf: () => rules }, async (...given) => void stored.push(given));
  const scope = freshScope();
  const given = span();
  calls.record(scope, given);
  await settled();
  expect(stored).toEqual([[scope.projectId, [given], rules]]);
  expect(pushed).toEqual([]);
});

test("if a call cannot be redacted, its counts and times are stored and nothing else", async () => {
  const { calls, pushed } = open({ rulesOf: () => makeRules() }, () => Promise.reject(new Error("overloaded")));
  calls.record(freshScope(), span());
  await settled();
  expect(pushed).toHaveLength(1);
  expect(pushed[0]).not.toContain("example.org");
  expect(JSON.parse(pushed[0] ?? "")).toMatchObject({ input_tokens: 7, name: "generation" });
});

test("while the rules are not known, the content of a call is not stored", async () => {
  const unknown = {
    rulesOf() {
      throw new Error("still starting");
    },
  };
  const { calls, pushed } = open(unknown, () => Promise.reject(new Error("not reached")));
  calls.record(freshScope(), span());
  await settled();
  expect(pushed).toHaveLength(1);
  expect(pushed[0]).not.toContain("example.org");
});

test("the spans of the parts of a call are stored with it, and redacted with it", async () => {
  const parts = [makeSpan({ name: "guard request", kind: "guardrail" })];
  const plain = open({ rulesOf: () => null }, () => Promise.reject(new Error("not reached")));
  plain.calls.record(freshScope(), span(), parts);
  expect(plain.pushed.map((row) => JSON.parse(row).name)).toEqual(["chat", "guard request"]);
  const stored: unknown[] = [];
  const redacted = open({ rulesOf: () => makeRules() }, async (_projectId, spans) => void stored.push(...spans));
  const given = span();
  redacted.calls.record(freshScope(), given, parts);
  await settled();
  expect(stored).toEqual([given, ...parts]);
  expect(redacted.pushed).toEqual([]);
});
