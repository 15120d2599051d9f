import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Client, createClient } from "../../../packages/sdk/src/index.ts";
import { openSharedTreadle, type SharedTreadle } from "../../setup/shared-treadle.ts";

let treadle: SharedTreadle;
let call: Client["call"];
beforeAll(async () => {
  treadle = await openSharedTreadle();
  ({ call } = createClient({ baseUrl: treadle.url, apiKey: treadle.apiKey }));
  await call("POST /api/v1/connections", {
    body: { slug: "nowhere", preset: "vllm", baseUrl: "http://127.0.0.1:9/v1", models: ["m"], maxRetries: 0 },
  });
});
afterAll(() => treadle?.stop());

type Rule = Parameters<typeof check>[1];
const check = (text: string, rule: { detector: string; options?: Record<string, unknown>; [field: string]: unknown }) =>
  call("POST /api/v1/guards/check", { body: { text, trust: "user", rules: [{ budgetMs: 60_000, ...rule }] } as never });

const MEDICAL = [
  "What dose of ibuprofen may I take for a headache?",
  "Is this rash on my arm an allergic reaction?",
  "Which antibiotics help against a throat infection?",
  "My blood pressure is high, should I change my pills?",
  "Can I take aspirin while I am pregnant?",
  "What are the symptoms of diabetes?",
  "How long does a broken ankle take to heal?",
  "Do I need surgery for a hernia?",
  "Which vaccine do I need before I travel?",
  "Is it safe to mix these two medicines?",
];
const WEAVING = [
  "Which yarn should I use for a warm scarf?",
  "How do I set up a loom for a twill pattern?",
  "My warp threads break, what can I do?",
  "What is the price of a kilogram of merino wool?",
  "How do I wash a linen tablecloth?",
  "Can you explain how a heddle works?",
  "When does the next weaving course begin?",
  "How many threads per centimetre does this cloth have?",
  "Do you sell dyed cotton yarn?",
  "How do I finish the edge of a rug?",
];

describe("topics", () => {
  test("are judged by examples, with the model of this server", async () => {
    const denied: Rule = { detector: "topics", action: "block", options: { denied: MEDICAL, allowed: WEAVING } };
    const found = await check("Which medicine helps against a strong fever?", denied);
    expect(found).toMatchObject({ action: "block", texts: [{ findings: [{ kind: "denied-topic" }] }] });
    expect(await check("Which needle do I need for thick wool?", denied)).toMatchObject({ action: "allow" });

    const allowed: Rule = { detector: "topics", options: { allowed: WEAVING, kind: "not-weaving" } };
    const other = await check("Who won the football world championship in 1990?", allowed);
    expect(other.texts[0]?.findings).toMatchObject([{ kind: "not-weaving" }]);
    expect(await check("How do I weave a rug with a linen warp?", allowed)).toMatchObject({ action: "allow" });
  });

  test("need eight examples of one side", async () => {
    const saving = call("POST /api/v1/guard-policies", {
      body: { name: "Topics", rules: [{ detector: "topics", options: { denied: MEDICAL.slice(0, 7) } }] },
    });
    await expect(saving).rejects.toMatchObject({ code: "unprocessable", details: { param: "rules.0.options" } });
  });
});

describe("a script", () => {
  test("is checked when its policy is saved, and the error names the line", async () => {
    const code = "export function guard({ text }) {\n  return text.length >;\n}";
    const saving = call("POST /api/v1/guard-policies", {
      body: { name: "Broken", rules: [{ detector: "script", options: { code } }] },
    });
    await expect(saving).rejects.toMatchObject({
      code: "unprocessable",
      details: { param: "rules.0.options" },
      message: expect.stringContaining("Line 2"),
    });
  });

  test("blocks a request before it is sent", async () => {
    const { policyId } = await call("POST /api/v1/guard-policies", {
      body: {
        name: "Refunds",
        rules: [
          {
            detector: "script",
            action: "block",
            budgetMs: 60_000,
            options: { code: "export const guard = ({ text, trust }) => trust === 'user' && /refund/i.test(text);" },
          },
        ],
      },
    });
    const ask = async (content: string) => {
      const response = await fetch(`${treadle.url}/v1/chat/completions`, {
        method: "POST",
        headers: { authorization: `Bearer ${treadle.apiKey}`, "content-type": "application/json" },
        body: JSON.stringify({ model: "nowhere/m", messages: [{ role: "user", content }] }),
      });
      return { status: response.status, text: await response.text() };
    };
    expect(await ask("I want a Refund.")).toMatchObject({
      status: 400,
      text: expect.stringContaining("content_filter"),
    });
    // Other requests go to the provider, which does not run.
    expect((await ask("Hello")).text).not.toContain("content_filter");
    await call("DELETE /api/v1/guard-policies/:policyId", { params: { policyId } });
  });

  test("that fails or takes too long did not scan the text", async () => {
    const throwing: Rule = { detector: "script", options: { code: "function guard() { throw new Error('no'); }" } };
    expect(await check("Hello", throwing)).toMatchObject({ action: "allow", texts: [{ notScanned: "failed" }] });
    const closed = { ...throwing, failure: { failed: "closed" } };
    expect(await check("Hello", closed)).toMatchObject({ action: "block", texts: [{ notScanned: "failed" }] });
    const endless: Rule = { detector: "script", budgetMs: 1_000, options: { code: "function guard() { for (;;); }" } };
    expect(await check("Hello", endless)).toMatchObject({ texts: [{ notScanned: "timeout" }] });
  });
});

test("names are masked, and redacted by kind", async () => {
  const text = "Ann Smith flew to Warsaw.";
  const masked = await check(text, { detector: "names", action: "mask" });
  expect(masked.texts[0]?.text).toBe("<PERSON_1> flew to <PLACE_1>.");
  const redacted = await check(text, { detector: "names", action: "redact", options: { kinds: ["person"] } });
  expect(redacted.texts[0]?.text).toBe("[PERSON] flew to Warsaw.");
});
