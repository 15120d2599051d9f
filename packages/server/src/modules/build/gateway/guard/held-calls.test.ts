import { createMasks, createToolPolicy, openGroups, type ToolPolicyOptions, TRUSTS } from "@treadle/guards";
import fc from "fast-check";
import { expect, test } from "vitest";
import { isRecord } from "../../../../kernel/is-record.ts";
import type { Place } from "../../guards/index.ts";
import type { ToolCall } from "../formats/hub/hub.ts";
import { guardResponse, type Means } from "./guard-message.ts";
import { createHeldCalls } from "./held-calls.ts";

const isSmall = (value: unknown) => isRecord(value) && Number(value.limit) <= 100;
const toolPolicy = createToolPolicy(() => isSmall);
const options: ToolPolicyOptions = { tools: [{ name: "search" }, { name: "refund", arguments: { type: "object" } }] };
const failure = { "too-long": "closed", failed: "closed", timeout: "closed", "unknown-content": "open" } as const;
const email = {
  name: "email",
  version: 1,
  isDeterministic: true,
  need: { upTo: 64 },
  openFrom: openGroups,
  find: ({ text }: { text: string }) =>
    [...text.matchAll(/\w{1,30}@example\.com/g)].map(({ 0: value, index }) => ({
      detector: "email",
      kind: "email",
      start: index,
      end: index + value.length,
      score: 1,
      view: "text" as const,
    })),
};

/** Guards whose verdicts are stored by place. */
function setUp() {
  const verdicts: unknown[] = [];
  const rule = { scopes: TRUSTS, threshold: 0.5, failure } as const;
  const means: Means = {
    judging: {
      policy: {
        rules: [
          { ...rule, detector: "tool-policy", options, action: "block" },
          { ...rule, detector: "email", options: {}, action: "redact" },
        ],
      },
      detectors: new Map([["email", email]]),
      calls: new Map([["tool-policy", toolPolicy as never]]),
      prepare: (text) => ({ text, normalized: { view: "normalized", text, toOriginal: (span) => span }, hidden: [] }),
      masks: createMasks(),
      now: () => 0,
    },
    record: {
      add: ({ findings, action }, { path }: Place) => void verdicts.push({ path, action, findings }),
    },
    readTexts: async () => undefined,
    restore: (text) => text,
    refusal: null,
  };
  return { means, verdicts };
}

const someCall = fc.record({
  name: fc.constantFrom("search", "refund", "delete_all"),
  arguments: fc
    .record({
      limit: fc.constantFrom(5, 500),
      "to\n": fc.constantFrom("ann@example.com", 'a "quoted" text', "Zoë \u{1f600} bob@example.com", ""),
    })
    .map((value) => JSON.stringify(value).replaceAll("@", "\\u0040")),
});
const callOf = ({ name, arguments: text }: { name: string; arguments: string }, index: number): ToolCall => ({
  index,
  id: `call_${index}`,
  type: "function",
  function: { name, arguments: text },
});
/** The calls in pieces, as a provider streams them. */
const piecesOf = (calls: readonly ToolCall[], cuts: readonly number[]) =>
  calls.flatMap((call) => {
    const text = call.function.arguments ?? "";
    const places = [
      0,
      ...cuts.map((cut) => cut % (text.length + 1)).toSorted((one, other) => one - other),
      text.length,
    ];
    const pieces = places.slice(1).map((end, place) => text.slice(places[place], end));
    return pieces.map((piece, place) =>
      place === 0
        ? { ...call, function: { ...call.function, arguments: piece } }
        : ({ index: call.index, function: { arguments: piece } } as unknown as ToolCall),
    );
  });

test("streamed calls of tools get the verdicts of the whole answer, however their arguments are cut", async () => {
  const property = fc.asyncProperty(
    fc.array(someCall, { minLength: 1, maxLength: 3 }),
    fc.array(fc.nat(), { maxLength: 12 }),
    async (given, cuts) => {
      const calls = given.map(callOf);
      const whole = setUp();
      const message = {
        role: "assistant",
        content: null,
        tool_calls: calls.map(({ index: _, ...call }) => call),
      } as const;
      const answer = {
        id: "",
        object: "chat.completion",
        created: 0,
        model: "m",
        choices: [{ index: 0, message, finish_reason: "tool_calls" }],
      };
      const { stored } = await guardResponse(answer as never, whole.means);
      const streamed = setUp();
      let isBlocked = false;
      const block = () => {
        isBlocked = true;
      };
      const held = createHeldCalls(streamed.means, { path: "choices.0", block });
      for (const piece of piecesOf(calls, cuts)) held.add([piece], undefined);
      await held.settle();
      const released = held.release();
      const byPlace = (one: unknown, other: unknown) => JSON.stringify(one).localeCompare(JSON.stringify(other));
      expect(streamed.verdicts.toSorted(byPlace)).toEqual(whole.verdicts.toSorted(byPlace));
      expect(isBlocked).toBe(stored.choices[0]?.finish_reason === "content_filter");
      if (isBlocked) return;
      const sent = released.flatMap(({ stored: piece }) => piece.tool_calls ?? []);
      expect(sent.map((call) => call.function.arguments)).toEqual(
        stored.choices[0]?.message.tool_calls?.map((call) => call.function.arguments),
      );
    },
  );
  await fc.assert(property, { numRuns: 100 });
});
