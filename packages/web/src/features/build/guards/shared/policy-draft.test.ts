import { ApiError } from "@treadle/sdk";
import { expect, test } from "vitest";
import {
  addRule,
  blankDraft,
  blankRule,
  copyRule,
  draftOf,
  inputOf,
  isSameDraft,
  moveRule,
  type PolicyDraft,
  type RuleDraft,
  toggleTrust,
  withDetector,
} from "./policy-draft.ts";
import { checkDraft, sentence, serverProblems } from "./policy-problems.ts";
import { newDraft, TEMPLATE_NAMES } from "./templates.ts";

const draftWith = (rule: Partial<RuleDraft> & { detector: string }) =>
  blankDraft({ name: "Privacy", description: "" }, [{ ...blankRule(rule.detector), ...rule }]);
const problemsWith = (rule: Partial<RuleDraft> & { detector: string }) => checkDraft(draftWith(rule)).problems;

test.each(TEMPLATE_NAMES)("the template %s is a valid policy", (name) => {
  const { input, problems } = checkDraft(newDraft(name));
  expect(problems).toEqual({});
  expect(input?.rules?.length).toBeGreaterThan(1);
});

test("each canary of a template is another word", () => {
  const tokens = () => newDraft("exfiltration").rules.flatMap(({ options }) => options.tokens ?? []);
  expect(tokens()[0]).toMatch(/^[a-z]{12}$/);
  expect(tokens()).not.toEqual(tokens());
});

test("blank lines, lists of blank lines and empty texts are not sent", () => {
  const options = { words: [" acme ", "", "  ", "globex"], isWhole: false, other: ["", " "], text: "" };
  expect(inputOf(draftWith({ detector: "words", options })).rules[0]?.options).toEqual({
    words: ["acme", "globex"],
    isWhole: false,
  });
});

test("a new rule of tools allows none, and only a rule that reroutes sends its target", () => {
  const [tools] = inputOf(draftWith({ detector: "tool-policy" })).rules;
  expect(tools).toMatchObject({ options: { tools: [] }, target: null });
  expect(problemsWith({ detector: "tool-policy" })).toEqual({});
  const target = { detector: "secrets", target: "safe" } as const;
  expect(inputOf(draftWith({ ...target, action: "block" })).rules[0]?.target).toBeNull();
  expect(inputOf(draftWith({ ...target, action: "reroute" })).rules[0]?.target).toBe("safe");
});

test("a reroute without a target and an action that tools cannot have are reported", () => {
  expect(problemsWith({ detector: "secrets", action: "reroute" })).toEqual({
    "rules.0.target": "Choose an endpoint or model.",
  });
  expect(Object.keys(problemsWith({ detector: "tool-policy", action: "mask" }))).toEqual(["rules.0.action"]);
});

test("a refusal without its text, and a text for something that is no language, are reported", () => {
  const refused = (refusal: PolicyDraft["refusal"]) =>
    checkDraft({ ...draftWith({ detector: "secrets" }), refusal }).problems;
  expect(refused({ text: " ", texts: {} })).toEqual({ "refusal.text": "This field is required." });
  expect(refused({ text: "No.", texts: { German: "Nein." } })).toEqual({
    "refusal.texts.German": "Use a language such as de or de-AT.",
  });
  // A row that was added and not filled in is left out.
  expect(refused({ text: "No.", texts: { "": "" } })).toEqual({});
});

test("a text that is not JSON is a problem of its option", () => {
  expect(Object.keys(problemsWith({ detector: "json-schema", options: { schema: "{" } }))).toEqual([
    "rules.0.options.schema",
  ]);
  const thresholds = { "": 0.5, hate: 2 };
  const options = { connection: "openai", thresholds };
  expect(Object.keys(problemsWith({ detector: "moderation", options }))).toEqual(["rules.0.options.thresholds.hate"]);
});

test("an empty name, no source and a missing list are reported at their fields", () => {
  const { input, problems } = checkDraft({ ...draftWith({ detector: "words", scopes: [] }), name: " " });
  expect(input).toBeUndefined();
  expect(problems).toEqual({
    name: "Enter a name of at most 120 characters.",
    "rules.0.scopes": "This field is required.",
    "rules.0.options.words": "This field is required.",
  });
});

test("a list from which every choice was removed is reported", () => {
  expect(problemsWith({ detector: "profanity", options: { kinds: [] } })).toEqual({
    "rules.0.options.kinds": "This field is required.",
  });
});

test("an entry of a list that is wrong is named", () => {
  expect(problemsWith({ detector: "urls", options: { allowedHosts: ["example.org", "https://a.b"] } })).toEqual({
    "rules.0.options.allowedHosts": "“https://a.b”: use a host such as example.org or *.example.org.",
  });
});

test("a cell of a row that is wrong has its own problem", () => {
  const patterns = [
    { name: "order", pattern: "A-\\d+" },
    { name: "Order Number", pattern: "", flags: "g" },
  ];
  expect(problemsWith({ detector: "patterns", options: { patterns } })).toEqual({
    "rules.0.options.patterns.1.name": "Use lower-case letters, digits and hyphens, at most 40.",
    "rules.0.options.patterns.1.pattern": "This field is required.",
    "rules.0.options.patterns.1.flags": "Use i, m and s.",
  });
});

test("options that are wrong together have a problem of the rule", () => {
  expect(problemsWith({ detector: "length" })).toEqual({ "rules.0.options": "Set at least one limit." });
});

test("a detector that the server does not have and a threshold out of range are reported", () => {
  expect(Object.keys(problemsWith({ detector: "brand-voice", threshold: 2 }))).toEqual([
    "rules.0.threshold",
    "rules.0.detector",
  ]);
});

test("rules move, are copied and get ids that no other rule has", () => {
  const rules = addRule(addRule(draftWith({ detector: "secrets" }).rules, blankRule("urls")), blankRule("code"));
  const names = (list: readonly RuleDraft[]) => list.map(({ detector, id }) => `${detector} ${id}`);
  expect(names(moveRule(rules, 2, 0))).toEqual(["code 3", "secrets 1", "urls 2"]);
  expect(moveRule(rules, 0, -1)).toBe(rules);
  expect(names(copyRule(rules, 0))).toEqual(["secrets 1", "secrets 4", "urls 2", "code 3"]);
});

test("another detector drops the options, and the same detector changes nothing", () => {
  const [rule] = draftWith({ detector: "words", options: { words: ["a"] }, threshold: 0.5 }).rules;
  if (!rule) throw new Error("there is a rule");
  expect(withDetector(rule, "urls")).toMatchObject({ detector: "urls", options: {}, threshold: null });
  expect(withDetector(rule, "words")).toBe(rule);
});

test("sources stay in the order of a conversation", () => {
  expect(toggleTrust(["output", "system"], "user", true)).toEqual(["system", "user", "output"]);
  expect(toggleTrust(["system", "user"], "user", false)).toEqual(["system"]);
});

test("a draft with everything taken back is the same as the policy", () => {
  const policy = {
    policyId: "gpol_1",
    version: 3,
    createdAt: "",
    updatedAt: "",
    ...inputOf(newDraft("privacy")),
    maskSeconds: 60,
  };
  const draft = draftOf({
    ...policy,
    rules: newDraft("privacy").rules.map(({ id: _, ...rule }) => ({ ...rule, options: {}, scopes: [...rule.scopes] })),
  });
  expect(isSameDraft(draft, { ...draft, rules: moveRule(moveRule(draft.rules, 0, 1), 0, 1) })).toBe(true);
  expect(isSameDraft(draft, { ...draft, isEnabled: false })).toBe(false);
});

test("the server's refusal is shown at its field", () => {
  const refusal = (details: object) =>
    new ApiError({ status: 422, code: "unprocessable", message: "There is no endpoint.", details });
  expect(serverProblems(refusal({ param: "appliesTo.endpointId" }))).toEqual({
    "appliesTo.endpointId": "There is no endpoint.",
  });
  expect(serverProblems(refusal({ issues: [{ path: "body.rules.0.scopes", message: "must not be empty" }] }))).toEqual({
    "rules.0.scopes": "This field is required.",
  });
  expect(serverProblems(new Error("offline"))).toEqual({});
  expect(sentence("must be at most 1")).toBe("Must be at most 1.");
});
