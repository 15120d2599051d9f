import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { UsageError } from "../shared/usage-error.ts";
import { readSuite } from "./read-suite.ts";

const folder = mkdtempSync(join(tmpdir(), "treadle-suites-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function file(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
}
const failure = async (name: string, text: string) => {
  const error: unknown = await readSuite(file(name, text)).catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof Error ? error.message.replaceAll(folder, "") : "";
};

const SUITE = `
suite: replies
items:
  - { inputs: { question: "2+2?" }, expected: "4" }
variants:
  - { name: small, model: smollm2, messages: [{ role: user, content: "{{question}}" }] }
scorers: [exact-match, { kind: contains, params: { phrases: ["4"] } }]
gate: { margin: 0.05 }
`;

test("a suite gets the defaults of an experiment and of a gate", async () => {
  const { suite } = await readSuite(file("suite.yaml", SUITE));
  expect(suite).toMatchObject({
    suite: "replies",
    folder,
    repeats: 1,
    gate: { margin: 0.05, branch: "main", alpha: 0.05 },
  });
});

test("a suite lists other versions in use, and an invalid name is reported with its place", async () => {
  const { suite } = await readSuite(file("versions.yaml", `${SUITE}versions: { code: v2.1, retriever: bm25-3 }\n`));
  expect(suite.versions).toEqual({ code: "v2.1", retriever: "bm25-3" });
  const message = await failure("wrong-versions.yaml", `${SUITE}versions: { Code: v2.1 }\n`);
  expect(message).toContain("versions");
  expect(message).toContain("lower-case");
});

test("a suite may be a program, and may make itself", async () => {
  const program = `export const suite = async () => ({ suite: "made", items: [{ inputs: { a: 1 } }],
    variants: [{ name: "v", model: "m" } satisfies object], scorers: ["exact-match"] });`;
  expect((await readSuite(file("made.ts", program))).suite.suite).toBe("made");
  expect(await failure("thrown.ts", `export const suite = () => { throw new Error("no network"); };`)).toContain(
    "no network",
  );
});

test.each([
  ["no YAML", "suite: [", "/no-yaml.yaml, line 1: invalid YAML"],
  ["an unknown key", `${SUITE}\nscorer: x`, 'has no field "scorer"'],
  ["both items and a dataset", `${SUITE}\ndataset: d`, "items or `dataset` is required; set exactly one of them"],
  [
    "two variants of one name",
    SUITE.replace("variants:", "variants:\n  - { name: small, model: other }"),
    "variants must have different names",
  ],
  [
    "a gate for a variant that is not there",
    SUITE.replace("margin: 0.05", "variant: large"),
    "gate.variant is not the name of a variant",
  ],
])("%s is reported with its place", async (_, text, told) => {
  expect(await failure("no-yaml.yaml", text)).toContain(told);
});

test("a file that is not there is wrong use", async () => {
  await expect(readSuite(join(folder, "none.yaml"))).rejects.toThrow(/none\.yaml could not be read/);
});

const PROMPTFOO = `
description: Capitals!
prompts: ["What is the capital of {{country}}?", "Capital of {{country}}, one word."]
providers:
  - openai:chat:gpt-4o-mini
  - { id: anthropic:messages:claude-x, label: claude, config: { temperature: 0, apiKey: unused } }
defaultTest: { assert: [{ type: latency, threshold: 3000 }] }
tests:
  - { vars: { country: [France, Italy] }, assert: [{ type: icontains, value: "{{country}}" }, { type: not-contains, value: sorry }] }
  - { vars: { country: Spain }, assert: [{ type: equals, value: Madrid }] }
outputPath: out.json
`;

test("a configuration of promptfoo becomes a suite: prompts times providers, and assertions as checks of the items", async () => {
  const { suite, warnings } = await readSuite(file("promptfooconfig.yaml", PROMPTFOO));
  expect(suite.suite).toBe("Capitals-");
  expect(suite.variants.map(({ name, model }) => [name, model])).toEqual([
    ["What is the capital of {{country}}? · openai/gpt-4o-mini", "openai/gpt-4o-mini"],
    ["What is the capital of {{country}}? · claude", "anthropic/claude-x"],
    ["Capital of {{country}}, one word. · openai/gpt-4o-mini", "openai/gpt-4o-mini"],
    ["Capital of {{country}}, one word. · claude", "anthropic/claude-x"],
  ]);
  expect(suite.variants[1]?.parameters).toEqual({ temperature: 0 });
  expect(suite.items).toHaveLength(3);
  expect(suite.items?.[1]).toMatchObject({
    inputs: { country: "Italy" },
    metadata: {
      checks: [
        { kind: "latency", threshold: 3000 },
        { kind: "contains", params: { phrases: ["Italy"], isCaseSensitive: false } },
        { kind: "contains", isNot: true, params: { phrases: ["sorry"], isCaseSensitive: true } },
      ],
    },
  });
  expect(suite.items?.[2]).toMatchObject({ expected: "Madrid" });
  expect(warnings).toEqual(["promptfoo's `outputPath` is ignored."]);
});

test("what would change the outcome of a promptfoo test if it were left out is refused", async () => {
  const message = await failure(
    "p.yaml",
    PROMPTFOO.replace("type: equals", "type: javascript").replace("openai:chat:gpt-4o-mini", "exec:./run.sh"),
  );
  expect(message).toContain('The assertion "javascript" (test 2) is not supported');
  expect(message).toContain('The provider "exec:./run.sh" is not supported');
  expect(await failure("p.yaml", PROMPTFOO.replace("one word.", "{% if x %}"))).toContain(
    "tags or filters of Nunjucks",
  );
});
