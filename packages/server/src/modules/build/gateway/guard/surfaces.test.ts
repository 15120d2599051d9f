import type { Span } from "@treadle/contract";
import { createMasks, DETECTORS, type Detector, type Policy, prepareText, type Rule, TRUSTS } from "@treadle/guards";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FormatId } from "../formats/formats.ts";
import type { AnyBody } from "../resolve/fill-prompt.ts";
import { connectionTo, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import { sayEverywhere } from "../testing/provider-wires.ts";
import { type ScriptedUpstream, sendJson, startUpstream } from "../testing/scripted-upstream.ts";

/** Built from parts, so that scanners of this repository do not report it as a real key. */
const SECRET = ["gh", "p_", "pLaNtEd1b2C3d4E5f6G7h8I9j0KlMnOpQrSt"].join("");
const CARD = "5555 5555 5555 4444";
const PLANTED = `the key ${SECRET} and the card ${CARD}`;
const SHOWN = "the key [GITHUB_TOKEN] and the card [CARD]";
const VALUES = new RegExp(`${SECRET}|${CARD}`);

const redacting = (detector: string, options: unknown): Rule => ({
  detector,
  options,
  scopes: TRUSTS,
  action: "redact",
  threshold: 0.5,
  failure: { "too-long": "closed", failed: "closed", timeout: "closed", "unknown-content": "open" },
});
const policy: Policy = { rules: [redacting("secrets", {}), redacting("personal-data", { groups: ["card"] })] };
const found = { policyId: "gpol_walk", version: 1, maskSeconds: 60, refusal: null, hasMasks: false, policy };

let open: TestGateway;
let upstream: ScriptedUpstream;
beforeAll(async () => {
  open = await openTestGateway({
    guards: {
      find: () => found,
      openMasks: async () => ({ masks: createMasks(), save: () => undefined }),
      registry: {
        detectors: new Map(Object.entries(DETECTORS as Readonly<Record<string, Detector<unknown>>>)),
        prepare: prepareText,
        thresholdOf: () => 0.5,
        readOptions: (_detector, options) => options,
      },
    },
  });
  upstream = await startUpstream(sayEverywhere({ text: `I say ${PLANTED}.`, args: { note: PLANTED } }));
  const to = (more: Parameters<typeof connectionTo>[1]) => connectionTo(upstream.url, more);
  open.connect(
    to({}),
    to({ slug: "chat-only", quirks: { hasResponses: false, hasStreamUsage: true } }),
    to({ slug: "anthropic", provider: "anthropic", preset: "anthropic" }),
    to({ slug: "gemini", provider: "gemini", preset: "gemini" }),
    to({ slug: "bedrock", provider: "bedrock", preset: "bedrock", region: "us-east-1" }),
  );
});
afterAll(async () => {
  await open.close();
  await upstream.close();
});

const parameters = { type: "object", properties: { note: { type: "string" } } };
const args = JSON.stringify({ note: PLANTED });

/** Requests with the values in every place that a model reads. */
const REQUESTS = {
  chat: {
    tools: [{ type: "function", function: { name: "send", parameters } }],
    messages: [
      { role: "system", content: `As a system: ${PLANTED}` },
      { role: "user", content: [{ type: "text", text: `As a user: ${PLANTED}` }] },
      {
        role: "assistant",
        content: `As before: ${PLANTED}`,
        tool_calls: [{ id: "call_0", type: "function", function: { name: "send", arguments: args } }],
      },
      { role: "tool", tool_call_id: "call_0", content: `As a tool: ${PLANTED}` },
      { role: "user", content: "Go on." },
    ],
  },
  responses: {
    tools: [{ type: "function", name: "send", parameters }],
    instructions: `As a system: ${PLANTED}`,
    input: [
      { role: "user", content: [{ type: "input_text", text: `As a user: ${PLANTED}` }] },
      { role: "assistant", content: [{ type: "output_text", text: `As before: ${PLANTED}` }] },
      { type: "function_call", call_id: "call_0", name: "send", arguments: args },
      { type: "function_call_output", call_id: "call_0", output: `As a tool: ${PLANTED}` },
      { role: "user", content: "Go on." },
    ],
  },
  messages: {
    max_tokens: 99,
    tools: [{ name: "send", input_schema: parameters }],
    system: [{ type: "text", text: `As a system: ${PLANTED}` }],
    messages: [
      { role: "user", content: `As a user: ${PLANTED}` },
      {
        role: "assistant",
        content: [
          { type: "text", text: `As before: ${PLANTED}` },
          { type: "tool_use", id: "call_0", name: "send", input: { note: PLANTED } },
        ],
      },
      {
        role: "user",
        content: [
          { type: "tool_result", tool_use_id: "call_0", content: [{ type: "text", text: `As a tool: ${PLANTED}` }] },
        ],
      },
      { role: "user", content: "Go on." },
    ],
  },
} as const;
const MODELS = ["openai/gpt-4o", "chat-only/gpt-4o", "anthropic/claude-x", "gemini/gemini-x", "bedrock/claude-x"];
const CALLERS = ["chat", "responses", "messages"] as const;

type Finding = { readonly trust: string; readonly kind: string };
const trustsOf = ({ attributes }: Span, kind: string) =>
  new Set(
    (attributes["treadle.guard.findings"] as readonly Finding[])
      .filter((one) => one.kind === kind)
      .map((one) => one.trust),
  );

async function ask(format: FormatId, request: AnyBody) {
  const { text } = await open.ask(format, request);
  return { shown: text(), sent: upstream.received.at(-1)?.body ?? "", span: await open.span() };
}

/** The text of a stream may be divided anywhere, so it is put together from the pieces of all events. */
const joined = (shown: string) =>
  [...shown.matchAll(/"(?:content|text|delta|partial_json|arguments)":"((?:[^"\\]|\\.)*)"/g)]
    .map(([, piece]) => JSON.parse(`"${piece}"`))
    .join("");

describe.each(MODELS)("%s", (model) => {
  test.each(CALLERS.flatMap((caller) => [[caller, false] as const, [caller, true] as const]))(
    "nothing planted passes in a call in the format %s, streamed: %s",
    async (caller, stream) => {
      const { shown, sent, span } = await ask(caller, { model, ...REQUESTS[caller], stream });
      for (const place of ["As a system", "As a user", "As before", "As a tool"])
        expect(sent).toContain(`${place}: ${SHOWN}`);
      expect(sent).not.toMatch(VALUES);
      expect(shown).not.toMatch(VALUES);
      expect(joined(shown)).not.toMatch(VALUES);
      expect(joined(shown)).toContain(`I say ${SHOWN}.`);
      expect(joined(shown).replaceAll("\\", "") + shown).toContain(`"note":"${SHOWN}"`);
      expect(JSON.stringify(span)).not.toMatch(VALUES);
      expect(span.status).toBe("ok");
      const everywhere = new Set(["system", "user", "output", "tool-arguments", "tool-result"]);
      expect(trustsOf(span, "github-token")).toEqual(everywhere);
      expect(trustsOf(span, "card")).toEqual(everywhere);
    },
  );
});

test.each([false, true])("nothing planted passes in a text completion, streamed: %s", async (stream) => {
  const { shown, sent, span } = await ask("completions", {
    model: "openai/m",
    prompt: `As a user: ${PLANTED}`,
    stream,
  });
  expect(sent).toContain(`As a user: ${SHOWN}`);
  expect(joined(shown)).toContain(`I say ${SHOWN}.`);
  for (const text of [sent, joined(shown), JSON.stringify(span)]) expect(text).not.toMatch(VALUES);
  expect(trustsOf(span, "card")).toEqual(new Set(["user", "output"]));
});

test.each(["openai/embed", "gemini/embed", "bedrock/amazon.titan-embed-text-v2:0"])(
  "nothing planted is embedded by %s",
  async (model) => {
    upstream.next.push((response) => sendJson(response, 200, EMBEDDING));
    const { sent, span } = await ask("embeddings", { model, input: `As a user: ${PLANTED}` });
    expect(sent).toContain(`As a user: ${SHOWN}`);
    expect(sent + JSON.stringify(span)).not.toMatch(VALUES);
    expect(trustsOf(span, "github-token")).toEqual(new Set(["user"]));
  },
);

/** In the shapes of all three. */
const EMBEDDING = {
  object: "list",
  data: [{ object: "embedding", index: 0, embedding: [0.1] }],
  model: "embed",
  usage: { prompt_tokens: 1, total_tokens: 1 },
  embeddings: [{ values: [0.1] }],
  embedding: [0.1],
  inputTextTokenCount: 1,
};
