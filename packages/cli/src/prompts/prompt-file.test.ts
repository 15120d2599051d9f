import { expect, test } from "vitest";
import { type PromptFile, readPromptFile, withVersion, writePromptFile } from "./prompt-file.ts";

const settings = {
  format: "mustache" as const,
  inputs: null,
  model: null,
  parameters: {},
  tools: [],
  responseFormat: null,
};
const chat: PromptFile = {
  name: "support/reply",
  version: 7,
  description: "Answers customers: politely",
  tags: ["support", "yes"],
  content: {
    ...settings,
    type: "chat",
    messages: [
      { role: "system", content: "You help.\n\n  Indented: {{customer}}\n# no comment\n" },
      { placeholder: "history" },
      { role: "user", content: "{{question}}" },
    ],
    inputs: { type: "object", properties: { question: { type: "string" } }, required: ["question"] },
    model: "support",
    parameters: { temperature: 0.2, stop: ["\n"] },
    tools: [{ type: "function", function: { name: "look_up" } }],
    responseFormat: { type: "json_object" },
  },
};
const text = (template: string): PromptFile => ({
  name: "a",
  version: null,
  description: "",
  tags: [],
  content: { ...settings, type: "text", template },
});

test("a prompt is written so that it reads as it is, and is read back as it was", () => {
  const yaml = writePromptFile(chat);
  expect(yaml).toContain("  - role: system\n    content: |\n      You help.\n\n        Indented: {{customer}}\n");
  expect(readPromptFile(yaml, "x")).toEqual(chat);
});

test.each([
  "",
  " ",
  "yes",
  "null",
  "12",
  "a: b",
  "- x",
  "\ttab",
  "end \n\n",
  "\r\n",
  "a\rb",
  "\n\nx",
  "{{a}}",
  "é\u2028\u0007",
  "'\"\\",
  "%",
  "x".repeat(200),
  "# x",
  "  a\nb",
  "---\n",
  "...",
  "|",
  "\ud83d\ude00",
])("a text is read back as it was: %j", (template) => {
  expect(readPromptFile(writePromptFile(text(template)), "x")).toEqual(text(template));
});

test("nothing that is not set is written", () => {
  expect(writePromptFile(text("Hello"))).toBe("name: a\ntype: text\ntemplate: Hello\n");
});

test("the number of a version is noted, and comments stay", () => {
  const yaml = "# the tone matters\nname: a\ntemplate: |\n  Hello # not a comment\n";
  expect(withVersion(yaml, 3)).toBe("# the tone matters\nname: a\nversion: 3\ntemplate: |\n  Hello # not a comment\n");
  expect(readPromptFile(withVersion(withVersion(yaml, 3), 4), "x").version).toBe(4);
});

test.each([
  ["name: [", /^p\.yaml, line 1: invalid YAML/],
  ["name: a\nname: b", /^p\.yaml, line 2: invalid YAML: Map keys must be unique/],
  ["just words", /^p\.yaml: this is not a prompt/],
  ["", /this is not a prompt/],
  ["template: x", /`name` is missing/],
  ["name: a\ntempalte: x", /`tempalte` is not a known key\. Keys: name, version/],
  ["name: a\nversion: two\ntemplate: x", /`version` must be the number/],
  ["name: a", /a text prompt needs a `template`/],
  ["name: a\ntemplate: x\nmessages: []", /needs a list of `messages` and no `template`/],
  ["name: a\ntype: chat\nmessages:\n  - role: boss\n    content: x", /message 1 must have a `role`/],
  ["name: a\ntemplate: x\nformat: nunjucks", /`format` must be mustache, liquid or jinja/],
  ["name: a\ntemplate: x\nparameters: 3", /`parameters` must contain names and values/],
  ["name: a\ntemplate: x\ntags: x", /`tags` must be a list/],
])("the problem in %j is reported with its place", (yaml, says) => {
  expect(() => readPromptFile(yaml, "p.yaml")).toThrow(says);
});

test("a file that multiplies itself is refused", () => {
  const levels = Array.from({ length: 12 }, (_, at) => `  l${at + 1}: [${Array(9).fill(`*l${at}`).join(", ")}]`);
  const anchored = levels.map((line, at) => line.replace(": [", `: &l${at + 1} [`));
  const yaml = ["name: a", "template: x", "parameters:", "  l0: &l0 [x]", ...anchored].join("\n");
  expect(() => readPromptFile(yaml, "p.yaml")).toThrow();
});
