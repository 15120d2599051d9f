import { PromptInput } from "@treadle/contract";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Scope } from "../../../../kernel/scope.ts";
import { type OpenPrompts, openPrompts, writer } from "../testing/open-prompts.ts";

let open: OpenPrompts;
let prompts: OpenPrompts["prompts"];
let ada: Scope;
let as: ReturnType<typeof writer>;

beforeAll(async () => {
  open = await openPrompts();
  prompts = open.prompts;
  as = writer(open, () => ada);
});
afterAll(() => open?.close());
beforeEach(async () => {
  ({ ada } = await open.people());
});

describe("includes", () => {
  test("are put in, by label or version, and follow the label", async () => {
    await as.make("parts/tone", "Be {{tone}}.", { labels: ["production"] });
    await as.make("greet", "{{> parts/tone}} {{> parts/tone@1}} Hi.", { labels: ["production"] });
    expect(await as.read("greet")).toMatchObject({
      template: "Be {{tone}}. Be {{tone}}. Hi.",
      included: { "parts/tone@production": 1, "parts/tone@1": 1 },
    });
    await as.add("parts/tone", "Stay {{tone}}.", { labels: ["production"] });
    expect(await as.read("greet")).toMatchObject({ template: "Stay {{tone}}. Be {{tone}}. Hi." });
    expect(await as.read("greet", { includes: "keep" })).toMatchObject({
      template: "{{> parts/tone}} {{> parts/tone@1}} Hi.",
    });
    expect(await prompts.render(ada, "greet", { inputs: { tone: "kind" } })).toMatchObject({
      text: "Stay kind. Be kind. Hi.",
    });
  });

  test("that go round in a circle are refused, also when a moved label would close it", async () => {
    await as.make("a", "a", { labels: ["production"] });
    await as.make("b", "{{> a}}", { labels: ["production"] });
    await expect(as.add("a", "{{> b}}")).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("form a cycle: a → b → a"),
    });
    await expect(as.make("self", "{{> self@1}}")).rejects.toMatchObject({
      message: expect.stringContaining("self → self"),
    });
    await as.make("c", "c", { labels: ["production"] });
    await as.add("c", "{{> b@2}}").catch(() => undefined);
    await as.add("b", "{{> c}}");
    await as.add("c", "{{> b@production}}");
    await as.put("c", (await prompts.get(ada, "c")).latestVersion);
    await expect(as.put("b", 2)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining("b → c → b"),
    });
    expect(await as.versionOf("b")).toBe(1);
  });

  test.each([
    ["{{> nowhere}}", "nowhere@production, which does not exist"],
    ["{{> chat@latest}}", "which is a chat prompt"],
    ["{{> liquid@latest}}", "which is written in liquid"],
    ["{{> a@b@c}}", "is not valid"],
    ["{{> }}", "is not valid"],
    ["{{> open", "never closed"],
  ])("%s is refused", async (template, message) => {
    const messages = [{ role: "user", content: "x" }];
    await prompts.versions.createPrompt(ada, PromptInput.parse({ type: "chat", name: "chat", messages }));
    await as.make("liquid", "x", { format: "liquid" });
    await expect(as.make("greet", template)).rejects.toMatchObject({
      code: "unprocessable",
      message: expect.stringContaining(message),
    });
  });

  test("that double at every step stop at a limit", async () => {
    await as.make("p0", "x".repeat(100_000), { labels: ["production"] });
    for (const step of [1, 2])
      await as.make(`p${step}`, `{{> p${step - 1}}}{{> p${step - 1}}}`, { labels: ["production"] });
    await expect(as.make("p3", "{{> p2}}{{> p2}}")).rejects.toMatchObject({
      message: expect.stringContaining("longer than"),
    });
  });

  test("keep what they include from being deleted or losing its label", async () => {
    await as.make("part", "x", { labels: ["production"] });
    await as.make("whole", "{{> part}}", { labels: ["production"] });
    await expect(prompts.delete(ada, "part")).rejects.toMatchObject({ code: "conflict" });
    const place = { name: "part", label: "production" };
    await expect(prompts.labels.remove(ada, place, undefined)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining('"whole" includes part@production'),
    });
    expect(await prompts.usage.uses(ada, "part", {})).toMatchObject({
      prompts: [{ name: "whole", version: 1, include: "part@production", isCurrent: true }],
    });
    await prompts.delete(ada, "whole");
    await prompts.delete(ada, "part");
    await expect(prompts.get(ada, "part")).rejects.toMatchObject({ code: "not_found" });
  });
});
