import { expect, test } from "vitest";
import { mustacheInputs, parseMustache } from "./mustache.ts";

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

test.each([
  ["Hello {{name}}, {{{name}}}, {{& name }}, {{ missing }}.", "Hello Ada <b>, Ada <b>, Ada <b>, ."],
  ["{{none}}|{{zero}}|{{no}}|{{user}}|{{words}}", '|0|false|{"email":"a@b.c","tags":["x"]}|["a","b"]'],
  ["{{#list}}{{id}}={{name}} {{/list}}", "1=one 2=Ada <b> "],
  ["{{#words}}{{.}},{{/words}}{{^words}}none{{/words}}", "a,b,"],
  [
    "{{^nothing}}nothing{{/nothing}}{{#nothing}}x{{/nothing}}{{#zero}}zero{{/zero}}{{#empty}}x{{/empty}}",
    "nothingzero",
  ],
  ["{{user.email}} {{user.email.length}} {{user.tags.0}} {{words.length}}", "a@b.c  x "],
  ["a\n  {{#list}}  \n- {{id}}\n{{/list}}\r\nb", "a\n- 1\n- 2\nb"],
  ["{{! a note }}\nx {{! inside }} y", "x  y"],
  ["{{constructor}}{{__proto__.x}}{{toString}}{{user.constructor.name}}", ""],
  ["{{#user}}{{email}} {{#tags}}{{.}} {{zero}}{{/tags}}{{/user}}", "a@b.c x 0"],
])("%j becomes %j", (template, text) => {
  expect(parseMustache(template)(inputs)).toBe(text);
});

test.each([
  ["a\n{{#a}}", "line 2: the section `a` is never closed"],
  ["{{/a}}", "line 1: {{/a}} closes a section that was never opened"],
  ["{{#a}}{{/b}}", "found {{/b}}, expected {{/a}}"],
  ["{{a b}}", "`a b` is not a valid name"],
  ["{{=<% %>=}}", "the delimiters of tags cannot be changed"],
  ["{{> other}}", "the include `other` is not allowed here"],
  ["{{open", "line 1: `{{` is never closed; end the tag with `}}`"],
  ["a\n{{{open}}", "line 2: `{{{` is never closed; end the tag with `}}}`"],
  ["{{}}", "is not a valid name"],
])("%j is refused with its line", (template, message) => {
  expect(() => parseMustache(template)).toThrow(message);
});

test("a loop over too much ends", () => {
  const many = Array.from({ length: 1_000 }, () => 1);
  expect(() => parseMustache("{{#a}}{{#a}}{{#a}}x{{/a}}{{/a}}{{/a}}")({ a: many })).toThrow(/more than 200000 steps/);
  expect(() => parseMustache("{{#a}}{{text}}{{/a}}")({ a: many, text: "x".repeat(10_000) })).toThrow(/longer than/);
  expect(() => parseMustache("{{#a}}".repeat(65))).toThrow(/nested/);
});

test.each([
  ["{{ name }} {{{raw}}} {{&plain}} {{user.email}} {{name}}", ["name", "raw", "plain", "user"]],
  ["{{#orders}}{{id}}{{/orders}}{{^none}}no{{/none}}{{after}}", ["orders", "none", "after"]],
  ["{{! note }}{{> shared/tone@production}}{{=<% %>=}}{{.}}{{two words}}", []],
  ["{{first}} {{#open}}{{inside}} {{unclosed", ["first", "open"]],
])("the inputs of %j are %j", (template, names) => {
  expect([...mustacheInputs(template)]).toEqual(names);
});
