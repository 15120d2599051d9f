import { expect, test } from "vitest";
import { mustache } from "../../../server/src/modules/prompts/templates/mustache.ts";
import { parseMustache } from "./mustache.ts";

const inputs = {
  name: "Ada <b>",
  none: null,
  empty: "",
  zero: 0,
  no: false,
  list: [{ id: 1, name: "one" }, { id: 2 }],
  words: ["a", "b"],
  user: { email: "a@b.c", tags: ["x"] },
  nothing: [],
};

const TEMPLATES = [
  "Hello {{name}}, {{{name}}}, {{& name }}, {{ missing }}.",
  "{{none}}|{{zero}}|{{no}}|{{user}}|{{words}}",
  "{{#list}}{{id}}={{name}} {{/list}}",
  "{{#words}}{{.}},{{/words}}{{^words}}none{{/words}}",
  "{{^nothing}}nothing{{/nothing}}{{#nothing}}x{{/nothing}}{{#zero}}zero{{/zero}}{{#empty}}x{{/empty}}",
  "{{user.email}} {{user.email.length}} {{user.tags.0}} {{words.length}}",
  "a\n  {{#list}}  \n- {{id}}\n{{/list}}\r\nb",
  "{{! a note }}\nx {{! inside }} y",
  "{{constructor}}{{__proto__.x}}{{toString}}{{user.constructor.name}}",
  "{{#user}}{{email}} {{#tags}}{{.}} {{zero}}{{/tags}}{{/user}}",
] as const;

test.each(TEMPLATES)("the program and the server make the same of %j", (template) => {
  const here = parseMustache(template)(inputs);
  expect(here).toBe(mustache.parse(template)(inputs));
  expect(here).not.toContain("undefined");
});

test("what it says is what is meant", () => {
  expect(parseMustache(TEMPLATES[2])(inputs)).toBe("1=one 2=Ada <b> ");
  expect(parseMustache(TEMPLATES[4])(inputs)).toBe("nothingzero");
  expect(parseMustache(TEMPLATES[6])(inputs)).toBe("a\n- 1\n- 2\nb");
  expect(parseMustache(TEMPLATES[8])(inputs)).toBe("");
});

test.each(["{{#a}}", "{{/a}}", "{{#a}}{{/b}}", "{{a b}}", "{{=<% %>=}}", "{{> other}}", "{{open", "{{}}"])(
  "the program and the server both refuse %j",
  (template) => {
    expect(() => parseMustache(template)).toThrow(Error);
    expect(() => mustache.parse(template)).toThrow(Error);
  },
);

test("a loop over too much ends", () => {
  const many = Array.from({ length: 1_000 }, () => 1);
  expect(() => parseMustache("{{#a}}{{#a}}{{#a}}x{{/a}}{{/a}}{{/a}}")({ a: many })).toThrow(/more than 200000 steps/);
  expect(() => parseMustache("{{#a}}{{text}}{{/a}}")({ a: many, text: "x".repeat(10_000) })).toThrow(/longer than/);
  expect(() => parseMustache("{{#a}}".repeat(65))).toThrow(/nested/);
});
