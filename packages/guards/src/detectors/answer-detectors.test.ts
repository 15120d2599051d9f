import { describe, expect, test } from "vitest";
import { prepareText } from "../index.ts";
import { judgeText } from "../policy/judge-text.ts";
import { judgingOf, ruleOf } from "../testing/detectors.ts";
import { groundedness } from "./groundedness.ts";
import { createJsonSchema } from "./json-schema.ts";

describe("json-schema", () => {
  const detector = createJsonSchema(() => (value) => typeof value === "object" && value !== null && "city" in value);
  const rule = ruleOf(detector, "block", { options: { schema: { required: ["city"] } } });
  const judge = (text: string, action = rule.action) =>
    judgeText(text, judgingOf([{ ...rule, action }], { detectors: new Map([[detector.name, detector as never]]) }));

  test.each(['{"city": "Rome"}', ' {"city": "Ro,}me"} \n'])("accepts %j", (text) => {
    expect(judge(text)).toMatchObject({ action: "allow", text, findings: [] });
  });

  test.each([
    ['```json\n{"city": "Rome"}\n```', '{"city": "Rome"}'],
    ['Here it is: {"city": "Rome",}', '{"city": "Rome"}'],
    ['{"city": "a,]", "list": [1, 2, ], }', '{"city": "a,]", "list": [1, 2 ] }'],
    ['{"city": "quote \\" ,}",}', '{"city": "quote \\" ,}"}'],
  ])("repairs %j", (text, repaired) => {
    expect(judge(text)).toMatchObject({ action: "redact", text: repaired });
    expect(judge(text, "flag")).toMatchObject({ action: "flag", text });
    expect(judge(text, "reask").text).toBe(repaired);
  });

  test.each([
    ["no JSON at all", "invalid-json"],
    ['{"city": "Rome"', "invalid-json"],
    ['{"town": "Rome"}', "schema-mismatch"],
    ['```\n{"town": "Rome"}\n```', "schema-mismatch"],
    ["[1, 2,]", "schema-mismatch"],
  ])("rejects %j", (text, kind) => {
    expect(judge(text)).toMatchObject({ action: "block", findings: [{ kind, start: 0, end: text.length }] });
  });

  test("reads answers only", () => {
    const call = { systemPrompt: "", isAnswer: false };
    expect(detector.find(prepareText("reasoning"), { schema: {} }, call)).toEqual([]);
  });
});

describe("groundedness", () => {
  const sources = [
    "The mill was founded in 1871 and employs 1,250 people in three towns.",
    "Its revenue was 4.5 million.",
  ];
  const find = (text: string, more: object = {}) =>
    groundedness
      .find(prepareText(text), { leastSupport: 0.5 }, { systemPrompt: "", sources, isAnswer: true, ...more })
      .map(({ kind, start, end }) => `${kind}: ${text.slice(start, end)}`);

  test("accepts what the sources say", () => {
    expect(find("The mill, founded in 1871, employs 1250 people. Revenues were 4.5 million.")).toEqual([]);
  });
  test("finds numbers that no source has", () => {
    expect(find("The mill was founded in 1872.")).toEqual(["ungrounded-number: 1872"]);
  });
  test("finds sentences whose words no source has", () => {
    expect(find("The mill was founded in 1871. Elephants secretly control every international airline.")).toEqual([
      "ungrounded-sentence: Elephants secretly control every international airline.",
    ]);
  });
  test("finds nothing without sources, in reasoning, or in short sentences", () => {
    expect(find("Founded in 1999.", { sources: [] })).toEqual([]);
    expect(find("Founded in 1999.", { isAnswer: false })).toEqual([]);
    expect(find("I am sorry! 1. Elephants are grey.")).toEqual([]);
  });
});
