import { expect, test } from "vitest";
import { inputsIn, inputsOf } from "./template-inputs.ts";

const found = (...args: Parameters<typeof inputsIn>) => [...inputsIn(...args)];

test("the names of a Mustache text are found, and those of items inside a section are not", () => {
  const text =
    "Hello {{ name }}, {{{raw}}} {{&plain}} {{user.email}} {{#orders}}{{id}}{{/orders}}{{^none}}no{{/none}} {{after}}";
  expect(found("mustache", text)).toEqual(["name", "raw", "plain", "user", "orders", "none", "after"]);
});

test("comments, includes and delimiters are no inputs", () => {
  expect(found("mustache", "{{! note }}{{> shared/tone@production}}{{=<% %>=}}{{#a}}{{/a}}")).toEqual(["a"]);
});

test("the names of Liquid and Jinja are found without those that a loop or an assignment makes", () => {
  const liquid =
    "{% for order in orders %}{{ order.id }}{% endfor %}{{ name | upcase }}{% if vip %}!{% endif %}{% assign x = 1 %}{{ x }}";
  expect(found("liquid", liquid)).toEqual(["name", "orders", "vip"]);
  expect(found("jinja", "{%- if not polite %}{{ loop.index }}{% endif %}{{- question -}}")).toEqual([
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
