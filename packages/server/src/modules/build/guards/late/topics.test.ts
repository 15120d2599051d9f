import { beforeEach, describe, expect, test } from "vitest";
import { createTopicModel } from "./topic-model.ts";
import { createTopics } from "./topics.ts";

const asking = { threshold: 0.5, trust: "user" as const, signal: new AbortController().signal };
const TOPICS = ["wool", "loan", "rain", "soup"];

/** How often a text names each topic, at most twice, with some noise by its length. */
const vectorOf = (text: string): number[] => [
  ...TOPICS.map((topic) => Math.min(2, text.split(topic).length - 1)),
  0.3 + (text.length % 5) / 20,
];
const examplesOf = (topic: string, count = 10) =>
  Array.from({ length: count }, (_, place) => `${topic} ${"x".repeat(place)} ${topic}`);

let embedded: string[][];
let isBroken: boolean;
const embed = async (_projectId: string, texts: readonly string[]) => {
  if (isBroken) throw new Error("the model does not run");
  embedded.push([...texts]);
  return texts.map(vectorOf);
};
beforeEach(() => {
  embedded = [];
  isBroken = false;
});
const open = () => createTopics({ embed })("proj_1");

describe("topics", () => {
  test("finds texts on a denied topic, under the kind of the rule", async () => {
    const detector = open();
    const options = { denied: examplesOf("loan") };
    expect(await detector.find("a loan, please, a loan", options, asking)).toMatchObject([{ kind: "denied-topic" }]);
    expect(await detector.find("how do I wash wool", options, asking)).toEqual([]);
    const named = { ...options, kind: "credit" };
    expect(await detector.find("a loan, please, a loan", named, asking)).toMatchObject([{ kind: "credit" }]);
  });

  test("finds texts that are on no allowed topic", async () => {
    const options = { allowed: [...examplesOf("wool"), ...examplesOf("rain")] };
    expect(await open().find("a loan, please, a loan", options, asking)).toMatchObject([{ kind: "off-topic" }]);
    expect(await open().find("does rain harm wool", options, asking)).toEqual([]);
  });

  test("with both, a text between the topics is less certain", async () => {
    const both = { denied: examplesOf("loan"), allowed: examplesOf("wool") };
    const none = { ...asking, threshold: 0 };
    const [sure] = await open().find("one loan, a loan.", both, none);
    const [mixed] = await open().find("one loan, a wool.", both, none);
    const [other] = await open().find("one wool, a wool.", both, none);
    expect(sure?.score).toBeGreaterThan(0.5);
    expect(mixed?.score).toBeLessThan(sure?.score ?? 0);
    expect(other?.score).toBeLessThan(0.1);
  });

  test("a topic in one part of a long text is found", async () => {
    const options = { denied: examplesOf("loan") };
    const long = `${"wool rain ".repeat(300)}${"loan ".repeat(600)}${"wool rain ".repeat(300)}`;
    const low = { ...asking, threshold: 0.1 };
    expect(await open().find("wool rain ".repeat(900), options, low)).toEqual([]);
    expect(await open().find(long, options, low)).toHaveLength(1);
    expect(Math.max(...(embedded.at(-1) ?? []).map((part) => part.length))).toBeLessThanOrEqual(1_000);
    expect((embedded.at(-1) ?? []).join(" ").split(/\s+/)).toEqual(long.trim().split(/\s+/));
  });

  test("reads examples and texts once", async () => {
    const detector = open();
    const options = { denied: examplesOf("loan") };
    await detector.find("one wool", options, asking);
    await detector.find("one wool", options, { ...asking, threshold: 0.9 });
    await detector.find("two wool", options, asking);
    // A new version of the policy with one more example reads that one alone.
    await detector.find("two wool", { denied: [...options.denied, "a new loan"] }, asking);
    expect(embedded.map((texts) => texts.length)).toEqual([10, 1, 1, 1, 1]);
  });

  test("fails when the model fails, and tries again", async () => {
    const detector = open();
    const options = { denied: examplesOf("loan") };
    isBroken = true;
    await expect(detector.find("one loan, a loan.", options, asking)).rejects.toThrow("does not run");
    isBroken = false;
    expect(await detector.find("one loan, a loan.", options, asking)).toHaveLength(1);
  });

  test("an empty text has no topic", async () => {
    expect(await open().find("  \n", { allowed: examplesOf("wool") }, asking)).toEqual([]);
    expect(embedded).toEqual([]);
  });
});

test("a model of equal examples gives numbers, and knows the same text", () => {
  const same = Array.from({ length: 8 }, () => [1, 0]);
  const model = createTopicModel(same, []);
  expect(model([1, 0])).toBeGreaterThanOrEqual(0.5);
  expect(model([0, 1])).toBeLessThan(0.01);
  expect(model([0, 0])).toBeLessThan(0.01);
});
