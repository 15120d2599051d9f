import { describe, expect, test } from "vitest";
import { languageOf } from "./index.ts";
import { TemplateError } from "./template.ts";

const render = (
  format: "mustache" | "liquid" | "jinja",
  source: string,
  inputs: Readonly<Record<string, unknown>> = {},
) => languageOf(format).parse(source)(inputs);
const mustache = (source: string, inputs: Readonly<Record<string, unknown>> = {}) => render("mustache", source, inputs);

describe("Mustache", () => {
  test.each([
    ["a value", "Hi {{ name }}!", { name: "Ada" }, "Hi Ada!"],
    ["nothing escaped", "{{a}} {{{a}}} {{&a}}", { a: "<b> & 'c'" }, "<b> & 'c' <b> & 'c' <b> & 'c'"],
    ["a path", "{{user.name.first}}", { user: { name: { first: "Ada" } } }, "Ada"],
    ["a missing value", "[{{none}}][{{a.b.c}}]", { a: {} }, "[][]"],
    ["numbers and truth", "{{n}} {{t}}", { n: 0, t: false }, "0 false"],
    ["a list and an object as JSON", "{{list}} {{object}}", { list: [1, "b"], object: { a: 1 } }, '[1,"b"] {"a":1}'],
    ["a loop", "{{#items}}<{{.}}>{{/items}}", { items: ["a", "b"] }, "<a><b>"],
    [
      "a loop over objects, with the outside in sight",
      "{{#items}}{{n}}{{x}} {{/items}}",
      { x: "!", items: [{ n: 1 }, { n: 2 }] },
      "1! 2! ",
    ],
    ["a condition", "{{#yes}}on{{/yes}}{{^yes}}off{{/yes}}", { yes: true }, "on"],
    ["its opposite", "{{#list}}on{{/list}}{{^list}}off{{/list}}", { list: [] }, "off"],
    ["a comment", "a{{! not\nseen }}b", {}, "ab"],
    ["lines of their own", "a\n  {{#yes}}\nb\n  {{/yes}}\nc", { yes: true }, "a\nb\nc"],
    ["line ends of Windows", "a\r\n{{#yes}}\r\nb\r\n{{/yes}}\r\nc", { yes: 1 }, "a\r\nb\r\nc"],
    ["an inner name before an outer one", "{{#a}}{{name}}{{/a}}", { name: "out", a: { name: "in" } }, "in"],
    ["single braces", 'Answer {"a": {"b": 1}}', {}, 'Answer {"a": {"b": 1}}'],
  ])("%s", (...[, source, inputs, expected]) => {
    expect(mustache(source, inputs)).toBe(expected);
  });

  test.each([
    ["a\n{{name", "line 2: `{{` is never closed"],
    ["{{#a}}\n{{#b}}x{{/b}}", "line 1: the section `a` is never closed"],
    ["{{/a}}", "line 1: {{/a}} closes a section that was never opened"],
    ["{{#a}}{{/b}}", "found {{/b}}, expected {{/a}}"],
    ["{{two words}}", "`two words` is not a valid name"],
    ["{{}}", "`` is not a valid name"],
    ["{{=<% %>=}}", "the delimiters of tags cannot be changed"],
    [`${"{{#a}}".repeat(100)}`, "nested more than 64 levels deep"],
  ])("%s is refused with its place", (source, message) => {
    expect(() => mustache(source)).toThrow(TemplateError);
    expect(() => mustache(source)).toThrow(message);
  });

  test("what a template costs is bounded", () => {
    const deep = `${"{{#a}}".repeat(6)}x${"{{/a}}".repeat(6)}`;
    expect(() => mustache(deep, { a: Array(100).fill({ b: 1 }) })).toThrow("more than 200000 steps");
    expect(() => mustache("{{#a}}{{b}}{{/a}}", { a: Array(1_000).fill(1), b: "x".repeat(10_000) })).toThrow(
      "longer than",
    );
    const startedAt = performance.now();
    expect(() => mustache(`${"{{ ".repeat(50_000)}`)).toThrow(TemplateError);
    mustache(`${" ".repeat(200_000)}{{a}}`.repeat(2));
    mustache("{{#a}}{{/a}}".repeat(30_000));
    expect(performance.now() - startedAt).toBeLessThan(2_000);
  });
});

describe("no template reaches what is not an input", () => {
  const MUSTACHE = [
    "{{constructor}}",
    "{{constructor.name}}",
    "{{__proto__.toString}}",
    "{{a.constructor.name}}",
    "{{#constructor}}x{{/constructor}}",
    "{{a.length}}",
    "{{toString}}",
  ];
  test.each(MUSTACHE)("Mustache: %s", (source) => {
    expect(mustache(source, { a: [1], b: { c: 1 } })).toBe("");
  });

  const LIQUID = [
    "{{ constructor }}",
    "{{ a.constructor }}",
    "{{ b.__proto__ }}",
    "{{ b.constructor.constructor }}",
    "{{ b['__proto__']['constructor'] }}",
    "{{ a | map: 'constructor' }}",
  ];
  test.each(LIQUID)("Liquid: %s", (source) => {
    expect(render("liquid", source, { a: [1], b: { c: 1 } }).trim()).toBe("");
  });
  test.each(["{% include '/etc/passwd' %}", "{% render '../../package.json' %}", "{% layout 'x' %}"])(
    "Liquid reads no file: %s",
    (source) => expect(() => render("liquid", source)).toThrow(TemplateError),
  );

  const JINJA = [
    "{{ range.constructor('return process.version')() }}",
    "{{ ''.constructor.constructor('return process')() }}",
    "{{ b.__proto__.constructor('return 1')() }}",
  ];
  test.each(JINJA)("Jinja: %s", (source) => {
    expect(() => render("jinja", source, { b: { c: 1 } })).toThrow(TemplateError);
  });
  test("Jinja: what is not there is empty", () => {
    expect(render("jinja", "[{{ b.constructor }}][{{ b.__proto__ }}][{{ cycler.__init__ }}]", { b: { c: 1 } })).toBe(
      "[][][]",
    );
  });
});

describe("Liquid and Jinja", () => {
  test("fill in values, loops and conditions", () => {
    const inputs = { name: "Ada", items: [{ n: 1 }, { n: 2 }] };
    expect(render("liquid", "{{ name | upcase }}{% for i in items %} {{ i.n }}{% endfor %}", inputs)).toBe("ADA 1 2");
    expect(render("jinja", "{{ name | upper }}{% for i in items %} {{ i.n }}{% endfor %}", inputs)).toBe("ADA 1 2");
  });
  test.each([
    ["liquid", "{% for x in y %}"],
    ["liquid", "{{ a | nosuch }}"],
    ["jinja", "{% for x in y %}"],
    ["jinja", "{{ a"],
  ] as const)("%s says what is wrong with %s", (format, source) => {
    expect(() => render(format, source, { a: 1 })).toThrow(TemplateError);
    expect(() => render(format, source, { a: 1 })).not.toThrow(/Cannot read/);
  });
});
