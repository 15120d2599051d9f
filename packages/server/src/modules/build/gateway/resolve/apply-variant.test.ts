import type { PromptUse, RenderedPrompt, Variant } from "@treadle/contract";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { connectionTo, endpointOf, openTestGateway, type TestGateway } from "../testing/open-gateway.ts";
import { type ScriptedUpstream, startUpstream } from "../testing/scripted-upstream.ts";

const rendered: RenderedPrompt = {
  name: "support/answer",
  version: 4,
  text: null,
  messages: [{ role: "system", content: "Be kind." }],
  model: "openai/other",
  parameters: { temperature: 0.9, max_tokens: 50 },
  tools: [],
  responseFormat: null,
};
const uses: PromptUse[] = [];
const TOOL = { type: "function", function: { name: "look_up", parameters: { type: "object" } } };
const HELLO = { role: "user", content: "Hello" };

let open: TestGateway;
let upstream: ScriptedUpstream;

beforeAll(async () => {
  const fillPrompt = async (_scope: unknown, use: PromptUse) => {
    uses.push(use);
    return rendered;
  };
  open = await openTestGateway({ random: () => 0, fillPrompt });
});
afterAll(() => open.close());
beforeEach(async () => {
  uses.length = 0;
  upstream = await startUpstream();
  open.connect(connectionTo(upstream.url));
});
afterEach(async () => {
  await open.spans();
  await upstream.close();
});

const variantWith = (settings: Partial<Variant>) =>
  open.name(endpointOf("support", { variants: [{ name: "v", model: "openai/gpt-4o", weight: 1, ...settings }] }));
const sent = () => JSON.parse(upstream.received[0]?.body ?? "null");

test("a variant's prompt comes first, with the inputs of the request", async () => {
  variantWith({ prompt: { name: "support/answer", label: "canary", version: null } });
  await open.ask("chat", { model: "support", messages: [HELLO], prompt: { inputs: { tone: "short" } } });
  expect(uses).toEqual([{ name: "support/answer", label: "canary", version: null, inputs: { tone: "short" } }]);
  expect(sent()).toEqual({
    model: "gpt-4o",
    temperature: 0.9,
    max_tokens: 50,
    messages: [{ role: "system", content: "Be kind." }, HELLO],
  });
  expect(await open.span()).toMatchObject({
    variant: "v",
    promptName: "support/answer",
    promptVersion: "4",
    requestModel: "support",
  });
});

test("a variant's parameters and tools replace those of the request, and a request sets what the variant leaves open", async () => {
  variantWith({ parameters: { temperature: 0.1, max_completion_tokens: 20 }, tools: [TOOL] });
  await open.ask("chat", {
    model: "support",
    messages: [HELLO],
    temperature: 1,
    max_tokens: 900,
    top_p: 0.5,
    tools: [],
  });
  expect(sent()).toEqual({
    model: "gpt-4o",
    messages: [HELLO],
    temperature: 0.1,
    max_completion_tokens: 20,
    top_p: 0.5,
    tools: [TOOL],
  });
});

test("no tools are a choice too", async () => {
  variantWith({ tools: [] });
  await open.ask("chat", { model: "support", messages: [HELLO], tools: [TOOL] });
  expect(sent()).toEqual({ model: "gpt-4o", messages: [HELLO] });
});

test("a variant that names only a model leaves the request's bytes as they are", async () => {
  variantWith({});
  await open.ask("chat", { model: "support", messages: [HELLO], seed: 7 });
  expect(sent()).toEqual({ model: "gpt-4o", messages: [HELLO], seed: 7 });
  expect(uses).toEqual([]);
});

test.each([
  [
    {},
    { model: "support", messages: [HELLO], prompt: { inputs: {} } },
    'the variant "v" of the endpoint "support" has no',
  ],
  [{}, { model: "openai/gpt-4o", messages: [HELLO], prompt: { inputs: {} } }, '"openai/gpt-4o" is not an endpoint'],
  [{ parameters: { temperature: 99 } }, { model: "support", messages: [HELLO] }, 'not valid with the variant "v"'],
] as const)("%j with %j is refused", async (settings, request, words) => {
  variantWith(settings);
  await expect(open.ask("chat", request)).rejects.toMatchObject({
    code: "unprocessable",
    message: expect.stringContaining(words),
  });
  expect(upstream.received).toEqual([]);
});
