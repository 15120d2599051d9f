import type { Item } from "@treadle/contract";
import { afterAll, expect, test } from "vitest";
import { notFound } from "../../../../kernel/errors.ts";
import type { Inference } from "../../../../platform/inference/port.ts";
import { createOutcome } from "../apply/outcome.ts";
import { createStepTools } from "../apply/step-tools.ts";
import { createStepContext } from "../testing/step-context.ts";
import { createTextThread } from "../texts/text-thread.ts";
import { STEPS } from "./all-steps.ts";

const thread = createTextThread();
afterAll(() => thread.close());

const noEngine = () => Promise.reject(new Error("no local model in this test"));
/** The requests to the local model's engine, whose tokens are single characters. */
const countedLocally: string[] = [];
const countSigns: Inference["countTokens"] = async ({ modelId, prompt }) => {
  if (modelId !== "by-signs") throw notFound("model", modelId);
  const text = "text" in prompt ? prompt.text : "";
  countedLocally.push(text);
  return text.length;
};
const toolsFor = createStepTools({
  thread,
  inference: { embed: noEngine, countTokens: countSigns },
  embeddingModelId: "none",
  evaluationSets: async () => [],
});

const TOPICS = ["my card", "a transfer", "the exchange rate", "an invoice", "the delivery", "a refund", "my account"];
const clean = (at: number): Item => ({
  itemId: `it_${at}`,
  inputs: {
    messages: [
      { role: "user", content: `Could you tell me what happens with ${TOPICS[at % 7]} of order ${at}, please?` },
    ],
  },
  expected: {
    role: "assistant",
    content: `Of course. I have looked at ${TOPICS[at % 7]} and it should be there within ${(at % 5) + 2} days.`,
  },
  metadata: {},
  source: { kind: "manual" },
  split: null,
});
const saying = (at: number, content: string): Item => ({
  ...clean(at),
  inputs: { messages: [{ role: "user", content }] },
});

/** Clean items with others among them, every seventh. */
function plant(count: number, planted: readonly ((at: number) => Item)[]): { items: Item[]; ids: string[] } {
  const items = Array.from({ length: count }, (_, at) => clean(at));
  const ids: string[] = [];
  for (const [index, make] of planted.entries()) {
    const at = index * 7 + 3;
    items[at] = make(at);
    ids.push(`it_${at}`);
  }
  return { items, ids };
}

/** The remaining items of a step, the changed ones, and its counts. */
async function curate(stepId: string, items: readonly Item[], params: object = {}) {
  const step = STEPS.find(({ id }) => id === stepId);
  if (!step) throw new Error(`no step ${stepId}`);
  const signal = new AbortController().signal;
  const scope = { projectId: "p", actor: "system", userId: null, permissions: new Set<never>() };
  const context = { ...createStepContext({ items }), tools: toolsFor({ scope, datasetId: "ds", signal }) };
  const outcome = createOutcome(stepId, 20);
  const left: Item[] = [];
  const touched: string[] = [];
  for await (const verdict of step.run(context, step.params.parse(params))) {
    outcome.add(verdict);
    if (verdict.keep) left.push(verdict.edited ?? verdict.item);
    if (!verdict.keep || verdict.edited) touched.push(verdict.item.itemId);
  }
  return { left, touched, outcome: outcome.finish() };
}

const key = (...pieces: readonly string[]) => pieces.join("");
const PRIVATE: readonly (readonly [string, string])[] = [
  ["email", "ann.lee@example.org"],
  ["phone", "+44 20 7946 0958"],
  ["card", "4111 1111 1111 1111"],
  ["iban", "DE89 3704 0044 0532 0130 00"],
  ["ipv4", "8.8.4.4"],
  ["us-ssn", "219-09-9999"],
  ["github-token", key("ghp_", "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8")],
  ["aws-access-key", key("AKIA", "IOSFODNN7EXAMPLE")],
];

test("personal data and secrets that were planted are all found, counted and redacted, and nothing else is", async () => {
  const planted = Array.from({ length: 64 }, (_, index) => PRIVATE[index % PRIVATE.length] ?? ["", ""]);
  const { items, ids } = plant(
    600,
    planted.map(
      ([, value]) =>
        (at) =>
          saying(at, `Please write ${value} down for order ${at}.`),
    ),
  );
  const { left, touched, outcome } = await curate("privacy", items);
  expect(touched).toEqual(ids);
  expect(outcome).toMatchObject({ rows: 600, kept: 600, removed: 0, edited: 64 });
  expect(Object.fromEntries(outcome.rules.map(({ rule, edited }) => [rule, edited]))).toEqual(
    Object.fromEntries(PRIVATE.map(([id]) => [id, 8])),
  );
  const text = JSON.stringify(left);
  for (const [, value] of PRIVATE) expect(text).not.toContain(value);
  expect(new Set(text.match(/\[EMAIL_\w{8}\]/g))).toHaveProperty("size", 1);
  expect(left.filter(({ itemId }) => !ids.includes(itemId))).toEqual(
    items.filter(({ itemId }) => !ids.includes(itemId)),
  );
});

test("flagged a second time, an item is not edited again", async () => {
  const { items, ids } = plant(20, [(at) => saying(at, "Write to ann@example.org please.")]);
  const first = await curate("privacy", items, { action: "flag" });
  expect(first.touched).toEqual(ids);
  expect(first.left.find(({ itemId }) => itemId === ids[0])?.metadata).toEqual({ flags: ["private:email"] });
  expect((await curate("privacy", first.left, { action: "flag" })).touched).toEqual([]);
  expect((await curate("privacy", items, { action: "drop" })).left).toHaveLength(19);
});

test("private data in metadata and in answers is redacted too, whose turn it is stays", async () => {
  const item: Item = {
    ...clean(1),
    expected: { role: "assistant", content: [{ type: "text", text: "Mail ann@example.org" }] },
    metadata: { customer: { mail: "ANN@example.org" } },
  };
  const [edited] = (await curate("privacy", [item])).left;
  const marks = JSON.stringify(edited).match(/\[EMAIL_\w{8}\]/g) ?? [];
  expect(marks).toHaveLength(2);
  expect(marks[0]).toBe(marks[1]);
  expect(edited?.expected).toMatchObject({ role: "assistant" });
});

test("other languages are found among English ones, unknown ones kept, and each is noted when none is named", async () => {
  const foreign = [
    "Guten Tag, können Sie mir bitte sagen, wann meine Bestellung ankommt und was der Versand kostet?",
    "Bonjour, pouvez-vous me dire quand ma commande arrivera et combien coûte la livraison?",
    "Buenos días, ¿me puede decir cuándo llega mi pedido y cuánto cuesta el envío?",
    "您好，请问我的订单什么时候到，运费是多少？谢谢您的帮助。",
  ];
  const { items, ids } = plant(
    100,
    [...foreign, "12345 67890 ??", "ok"].map((text) => (at) => saying(at, text)),
  );
  const params = { of: "prompt", keep: ["en"] };
  expect((await curate("language", items, params)).touched).toEqual(ids.slice(0, 4));
  expect((await curate("language", items, { ...params, unknown: "remove" })).touched).toEqual(ids);
  for (const noting of [{ action: "note" }, { keep: [] }]) {
    const { left } = await curate("language", items, { of: "prompt", ...noting });
    expect(left).toHaveLength(items.length);
    expect(left.every(({ metadata }) => metadata.language !== undefined)).toBe(true);
    expect(left.filter(({ itemId }) => ids.includes(itemId)).map(({ metadata }) => metadata.language)).toEqual([
      "de",
      "fr",
      "es",
      "zh",
      "und",
      "und",
    ]);
  }
  const withoutUnknown = await curate("language", items, { of: "prompt", keep: [], unknown: "remove" });
  expect(withoutUnknown.left).toHaveLength(items.length - 2);
  expect(withoutUnknown.left[0]?.metadata.language).toBe("en");
});

test("broken conversations are removed, each with its reason", async () => {
  const broken: readonly ((at: number) => Item)[] = [
    (at) => ({ ...clean(at), expected: null }),
    (at) => saying(at, "  "),
    (at) => ({ ...clean(at), expected: { role: "assistant", content: "Sure.<|im_end|>" } }),
    (at) => ({
      ...clean(at),
      inputs: {
        messages: [
          { role: "user", content: "a" },
          { role: "user", content: "b" },
        ],
      },
    }),
  ];
  const { items, ids } = plant(100, broken);
  const { touched, outcome } = await curate("chat", items);
  expect(touched).toEqual(ids);
  expect(outcome.rules.map(({ rule }) => rule).toSorted()).toEqual([
    "empty-turn",
    "no-answer",
    "role-order",
    "template-leak",
  ]);
  expect(outcome.samples.every(({ reason }) => reason !== "")).toBe(true);
});

test("quality rules remove broken parts of any text, and report the measured values", async () => {
  const { items, ids } = plant(100, [
    (at) => ({
      ...clean(at),
      inputs: { messages: [{ role: "user", content: "=-=-=-=-=- <<<>>> #### %%%% ^^^^ ~~~~ ////".repeat(4) }] },
    }),
    (at) => saying(at, "buy it now at this place today ".repeat(60)),
  ]);
  const { touched, outcome } = await curate("quality", items);
  expect(touched).toEqual(ids);
  const histogram = outcome.histograms.find(({ rule }) => rule === "symbolCharacters");
  expect(histogram?.counts.reduce((sum, count) => sum + count, 0)).toBe(100);
  expect(histogram?.threshold).toBe(0.5);
});

test("toxic words are flagged by kind", async () => {
  const { items, ids } = plant(50, [
    (at) => saying(at, "You stupid idiot, give me my money."),
    (at) => saying(at, "I will kill you"),
  ]);
  const { left, touched } = await curate("toxicity", items);
  expect(touched).toEqual(ids);
  expect(left.filter(({ itemId }) => ids.includes(itemId)).map(({ metadata }) => metadata.flags)).toEqual([
    ["toxicity:insult"],
    ["toxicity:threat"],
  ]);
});

test("tokens are counted as the vocabulary has them, special ones as text", async () => {
  const items = [saying(0, "hello world"), saying(1, "hello <|endoftext|> world")];
  const { left, outcome } = await curate("tokens", items, { of: "prompt", max: 2 });
  expect(left.map(({ itemId }) => itemId)).toEqual(["it_0"]); // o200k: hello | world
  expect(outcome.samples[0]).toMatchObject({ rule: "tokens", threshold: 2 });
  const run = saying(2, "a".repeat(100_000));
  expect((await curate("tokens", [run], { of: "prompt", max: 20_000 })).left).toEqual([run]);
});

test("tokens are counted by the tokenizer of a local model, which is not asked about nothing, and a missing one is named", async () => {
  const items = [saying(0, "four"), saying(1, "seventeen signs !"), saying(2, "")];
  const params = { of: "prompt", tokenizer: "local:by-signs", min: 1, max: 4 };
  const { left, outcome } = await curate("tokens", items, params);
  expect(left.map(({ itemId }) => itemId)).toEqual(["it_0"]);
  expect(outcome.samples).toMatchObject([
    { item: { itemId: "it_1" }, value: 17, threshold: 4 },
    { item: { itemId: "it_2" }, value: 0, threshold: 1 },
  ]);
  expect(countedLocally).toEqual(["four", "seventeen signs !"]);
  await expect(curate("tokens", items, { ...params, tokenizer: "local:nobody" })).rejects.toMatchObject({
    code: "not_found",
    message: expect.stringContaining("nobody"),
  });
});

test("lengths are held in characters, words and turns", async () => {
  const items = [saying(0, "one two"), saying(1, "one two three four")];
  const ids = async (params: object) =>
    (await curate("length", items, { of: "prompt", ...params })).left.map(({ itemId }) => itemId);
  expect(await ids({ unit: "words", min: 3 })).toEqual(["it_1"]);
  expect(await ids({ unit: "characters", max: 7 })).toEqual(["it_0"]);
  expect(await ids({ unit: "turns", min: 3 })).toEqual([]);
});

test("classes are cut to a ratio of the smallest, the same items each time, and tiny ones removed", async () => {
  const labelled = (at: number, expected: string): Item => ({ ...clean(at), inputs: { text: `t${at}` }, expected });
  const items = Array.from({ length: 111 }, (_, at) => labelled(at, at < 100 ? "big" : at < 110 ? "small" : "tiny"));
  const { left, outcome } = await curate("class-balance", items, { ratio: 2, fewest: 5 });
  const count = (name: string) => left.filter(({ expected }) => expected === name).length;
  expect([count("big"), count("small"), count("tiny")]).toEqual([20, 10, 0]);
  expect(outcome.rules).toEqual([
    { rule: "too-many", removed: 80, edited: 0 },
    { rule: "too-few", removed: 1, edited: 0 },
  ]);
  expect((await curate("class-balance", items.toReversed(), { ratio: 2, fewest: 5 })).left.toReversed()).toEqual(left);
});

test("long texts are cut to whole sentences, short ones stay", async () => {
  const page = `Home | About\n${"The mill was built long ago by the river.\n".repeat(40)}Read more...`;
  const items = [saying(0, page), saying(1, "menu | page"), saying(2, "Home | About | Contact\n".repeat(60))];
  const { left, outcome } = await curate("clean-lines", items);
  expect(left.map(({ itemId }) => itemId)).toEqual(["it_0", "it_1"]);
  expect(JSON.stringify(left[0])).not.toContain("Home");
  expect(outcome).toMatchObject({ removed: 1, edited: 1 });
});

test("every step describes its parameters, takes its defaults and its presets", () => {
  for (const { id, params, presets = [] } of STEPS) {
    expect(params.safeParse({}).success, id).toBe(true);
    for (const preset of presets)
      expect(params.safeParse(preset.params).success, `${id}:${preset.presetId}`).toBe(true);
    expect(params.safeParse({ nobodyKnows: 1 }).success, id).toBe(false);
  }
});
