import { expect, test } from "vitest";
import { inputsIn, inputsOf } from "./template-inputs.ts";

const inputNames = (...args: Parameters<typeof inputsIn>) => [...inputsIn(...args)];

test("the names in a Mustache text are found, except names of items in a section", () => {
  const text =
    "Hello {{ name }}, {{{raw}}} {{&plain}} {{user.email}} {{#orders}}{{id}}{{/orders}}{{^none}}no{{/none}} {{after}}";
  expect(inputNames("mustache", text)).toEqual(["name", "raw", "plain", "user", "orders", "none", "after"]);
});

test("comments, includes and delimiters are no inputs", () => {
  expect(inputNames("mustache", "{{! note }}{{> shared/tone@production}}{{=<% %>=}}{{#a}}{{/a}}")).toEqual(["a"]);
});

test("the names of Liquid and Jinja are found without those that a loop or an assignment makes", () => {
  const liquid =
    "{% for order in orders %}{{ order.id }}{% endfor %}{{ name | upcase }}{% if vip %}!{% endif %}{% assign x = 1 %}{{ x }}";
  expect(inputNames("liquid", liquid)).toEqual(["name", "orders", "vip"]);
  expect(inputNames("jinja", "{%- if not polite %}{{ loop.index }}{% endif %}{{- question -}}")).toEqual([
    "question",
    "polite",
  ]);
});

test("a chat prompt has the inputs of all its messages, and its placeholders", () => {
  const messages = [
    { role: "system" as const, content: "You help {{customer}}." },
    { placeholder: "history" },
    { role: "user" as const, content: "{{question}} {{customer}}" },
  ];
  expect(inputsOf({ type: "chat", format: "mustache", messages })).toEqual({
    names: ["customer", "question"],
    placeholders: ["history"],
  });
});
