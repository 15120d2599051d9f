import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

type Message = { readonly role: string; readonly content: string };
type Asked = { readonly model: string; readonly messages: readonly Message[] };

/**
 * A provider on loopback. Its model `writer` answers in capitals as far as its prompt says so, and its model
 * `reflector` suggests better prompts.
 */
export type RewritingProvider = {
  /** The base of its OpenAI-compatible routes, ending in `/v1`. */
  readonly baseUrl: string;
  readonly asked: Asked[];
  close(): Promise<void>;
};

const RULES = [
  { word: "CAPITALS", rule: "Answer in CAPITALS.", why: "The answers that were wanted are in capital letters." },
  {
    word: "BANG",
    rule: "End what is urgent with a BANG.",
    why: "Urgent questions are answered with an exclamation mark.",
  },
  {
    word: "BRIEFLY",
    rule: "Answer BRIEFLY, and never in lower case.",
    why: "Long questions were still in lower case.",
  },
] as const;

const kindAt = (at: number) => (at % 13 === 4 ? "quiet" : at % 3 === 0 ? "urgent" : "plain");

/** The question of an item: every third is urgent, every fifth is long, and some are quiet. */
export const questionAt = (at: number): string =>
  `${kindAt(at)} question ${at}${at % 5 === 0 ? " and all that belongs to it" : ""}`;

/** The answer that a complete prompt produces. Quiet questions expect an unchanged answer, which the complete prompt misses. */
export const expectedAt = (at: number): string => {
  const kind = kindAt(at);
  return kind === "quiet" ? questionAt(at) : `${questionAt(at).toUpperCase()}${kind === "urgent" ? "!" : ""}`;
};

function answerTo(prompt: string, question: string): string {
  const isLong = question.includes("and all that");
  const isLoud = prompt.includes("CAPITALS") && (!isLong || prompt.includes("BRIEFLY"));
  const text = isLoud ? question.toUpperCase() : question;
  // With BANG but without BRIEFLY, it also ends some plain questions with an exclamation mark.
  const isBanged = question.startsWith("urgent") || (/7\b/.test(question) && !prompt.includes("BRIEFLY"));
  return prompt.includes("BANG") && isBanged ? `${text}!` : text;
}

/** Adds the first rule that the text lacks. For some examples it returns a useless rewrite. */
function reflect(told: string): string {
  const text = /<text>\n([\s\S]*?)\n<\/text>/.exec(told)?.[1] ?? "";
  const missing = RULES.find(({ word }) => !text.includes(word));
  if (!missing || /question \d*4\b/.test(told)) return "Nothing is wrong.\n```\nAnswer in a friendly way.\n```";
  return `${missing.why}\n\`\`\`\n${text} ${missing.rule}\n\`\`\``;
}

/** Starts the provider. Responses depend only on the request, and take `waitMs` each. */
export async function startRewritingProvider({ waitMs = 0 } = {}): Promise<RewritingProvider> {
  const asked: Asked[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const body: Asked = JSON.parse(Buffer.concat(chunks).toString());
    asked.push(body);
    if (waitMs > 0) await delay(waitMs);
    const { model, messages } = body;
    const last = messages.at(-1)?.content ?? "";
    const content = model === "reflector" ? reflect(last) : answerTo(messages[0]?.content ?? "", last);
    const length = messages.reduce((sum, message) => sum + message.content.length, 0);
    const usage = {
      prompt_tokens: Math.ceil(length / 4),
      completion_tokens: 8,
      total_tokens: Math.ceil(length / 4) + 8,
    };
    const choices = [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }];
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ id: "c", object: "chat.completion", created: 1, model, choices, usage }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    asked,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
