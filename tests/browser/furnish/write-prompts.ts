import { createClient } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";

const INPUTS = {
  type: "object",
  properties: {
    customer: { type: "string", description: "Their name, as they wrote it" },
    question: { type: "string" },
    orders: { type: "array", description: "What they bought, newest first" },
  },
  required: ["customer", "question"],
};

const SYSTEM = `{{> shared/tone@production}}

You answer customers of a shop for looms, shuttles and yarn.
Call {{customer}} by name once.
{{#orders}}
- Order {{id}}: {{state}}
{{/orders}}

Keep to these rules:
- say what happens next, and when
- never promise a refund
- never name another customer`;

/** Creates the prompts of a project in use: folders, versions, labels, comments and calls. */
export async function writePrompts({ url, apiKey }: RunningTreadle, model: string): Promise<void> {
  const client = createClient({ baseUrl: url, apiKey });
  const name = "support/reply";
  const prompt = (system: string, extra: object = {}) => ({
    type: "chat" as const,
    messages: [
      { role: "system" as const, content: system },
      { placeholder: "history" },
      { role: "user" as const, content: "{{question}}" },
    ],
    inputs: INPUTS,
    model,
    parameters: { temperature: 0.2, max_tokens: 400 },
    ...extra,
  });
  const text = (template: string) => ({ type: "text" as const, template });
  await client.call("POST /api/v1/prompts", {
    body: { ...text("Be warm, brief and exact."), name: "shared/tone", labels: ["production"], tags: ["shared"] },
  });
  await client.call("POST /api/v1/prompts", {
    body: {
      ...prompt(SYSTEM.replace("exact", "kind").split("\n\nKeep")[0] ?? ""),
      name,
      description: "The first answer to a customer, in chat and by mail.",
      tags: ["support", "customer-facing"],
      message: "First version",
      labels: ["production"],
    },
  });
  const versions = [
    { body: prompt(SYSTEM), message: "Rules, since it promised refunds", labels: ["staging"] },
    {
      body: prompt(
        SYSTEM.replace("once.", "once, at the beginning.").replace(
          "- never name another customer",
          "- ask back when the order is not clear",
        ),
        {
          parameters: { temperature: 0, max_tokens: 300 },
        },
      ),
      message: "Ask back instead of guessing",
      labels: ["candidate"],
    },
  ];
  for (const { body, message, labels } of versions)
    await client.call("POST /api/v1/prompts/:name/versions", { params: { name }, body: { ...body, message, labels } });
  await client.call("PUT /api/v1/prompts/:name/labels/:label", {
    params: { name, label: "production" },
    body: { version: 2, message: "A week on staging without a complaint" },
  });
  await client.call("PUT /api/v1/prompts/:name/protected-labels", {
    params: { name },
    body: { labels: ["production"] },
  });
  await client.call("POST /api/v1/prompts/:name/comments", {
    params: { name },
    body: {
      version: 3,
      text: "Temperature 0 made the greetings **stiff**. Look at `customer-17` before this goes live.",
    },
  });
  for (const [other, tags] of [
    ["support/escalate", ["support"]],
    ["support/mail/subject", ["support"]],
    ["search/rewrite-query", ["search"]],
    ["summaries/daily", []],
  ] as const)
    await client.call("POST /api/v1/prompts", {
      body: { ...text(`Write it for {{reader}}: ${other}`), name: other, tags: [...tags], labels: ["production"] },
    });
  for (const version of [1, 2, 2, 3])
    await client.send("POST /v1/chat/completions", {
      body: { prompt: { name, version, inputs: { customer: "Ada", question: "Where is my loom?" } } },
    });
}
