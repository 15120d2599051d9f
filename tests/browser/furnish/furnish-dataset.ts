import { createClient } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";

const TOPICS = [
  [
    "refund",
    "I was charged twice for order {n}. Can I have the second payment back?",
    "I am sorry about that. I have refunded the second payment of order {n}; it takes three to five days.",
  ],
  [
    "delivery",
    "Where is my parcel {n}? It was due on Monday and the page says it left the depot.",
    "Parcel {n} is out for delivery today, between two and six.",
  ],
  [
    "account",
    "How do I change the e-mail address of my account? The old one was max.{n}@example.com.",
    "Open Account, then Profile, and choose Change e-mail. We write to both addresses.",
  ],
  [
    "technical",
    "The app closes by itself as soon as I open the camera, since the update of last week.",
    "Please update to 4.2.1, which mends that. Your drafts are kept.",
  ],
  [
    "other",
    "Können Sie mir sagen, ob die Filiale {n} am Samstag geöffnet hat?",
    "Ja, die Filiale {n} ist samstags von 9 bis 14 Uhr geöffnet.",
  ],
] as const;

type Client = ReturnType<typeof createClient>;

/**
 * Creates a dataset with three versions, a branch, a draft and a report, and an evaluation dataset that shares items
 * with it. Returns the id of the first.
 */
export async function furnishDataset({ url, apiKey }: RunningTreadle): Promise<string> {
  const client = createClient({ baseUrl: url, apiKey });
  const { datasetId } = await client.call("POST /api/v1/datasets", {
    body: {
      name: "support-chats",
      description: "What customers asked in chat, and the answer that an agent approved.",
    },
  });
  const evaluation = await client.call("POST /api/v1/datasets", {
    body: { name: "support-exam", description: "Held back for evaluation.", isEvaluation: true },
  });
  await client.call("POST /api/v1/datasets", { body: { name: "empty-one" } });
  const params = { datasetId };
  await client.call("POST /api/v1/datasets/:datasetId/items", {
    params: { datasetId: evaluation.datasetId },
    body: { items: range(0, 12).map(itemOf) },
  });
  await commit(client, { datasetId: evaluation.datasetId, message: "Twelve questions for the exam" });
  await client.call("POST /api/v1/datasets/:datasetId/items", { params, body: { items: range(0, 240).map(itemOf) } });
  await commit(client, { datasetId, message: "Chats of the first quarter\n\nOnly those with a thumb up." });
  await client.call("POST /api/v1/datasets/:datasetId/changes", {
    params,
    body: { select: { filter: "metadata.topic:refund" }, change: { kind: "set-split", split: "test" } },
  });
  await client.call("POST /api/v1/datasets/:datasetId/items", {
    params,
    body: { items: range(240, 260).map((n) => ({ ...itemOf(n % 7), itemId: `again-${n}` })) },
  });
  await commit(client, { datasetId, message: "A split for tests, and the chats of April" });
  await client.call("PUT /api/v1/datasets/:datasetId/tags/:tag", {
    params: { datasetId, tag: "golden" },
    body: { version: 1 },
  });
  await client.call("POST /api/v1/datasets/:datasetId/branches", {
    params,
    body: { name: "shorter-answers", from: "main" },
  });
  await shorten(client, { datasetId, branch: "shorter-answers", which: [3, 8, 13, 18] });
  await commit(client, { datasetId, branch: "shorter-answers", message: "Answers about the app are shorter" });
  await shorten(client, { datasetId, branch: "main", which: [3] });
  await client.call("POST /api/v1/datasets/:datasetId/changes", {
    params,
    body: { select: { itemIds: ["chat-21", "chat-22"] }, change: { kind: "delete" } },
  });
  const { jobId } = await client.call("POST /api/v1/datasets/:datasetId/reports", { params, body: { version: "2" } });
  await until(async () => {
    const { status } = await client.call("GET /api/v1/jobs/:jobId", { params: { jobId } });
    return status !== "queued" && status !== "running";
  });
  return datasetId;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);

function itemOf(n: number) {
  const [topic, question, answer] = TOPICS[n % TOPICS.length] ?? TOPICS[0];
  const text = (template: string) => template.replaceAll("{n}", String(4_200 + n));
  return {
    itemId: `chat-${n}`,
    inputs: {
      messages: [
        { role: "system", content: "You answer customers of a shop, briefly and kindly." },
        { role: "user", content: text(question) },
      ],
    },
    expected: { role: "assistant", content: text(answer) },
    metadata: { topic, rating: 3 + (n % 3), ...(n % 9 === 0 && { note: `called back at +49 30 ${1_234_000 + n}` }) },
    split: n % 5 === 4 ? "validation" : "train",
  };
}

type Shortened = { datasetId: string; branch: string; which: readonly number[] };

/** Shortens answers differently on both branches, so that a merge has conflicts. */
async function shorten(client: Client, { datasetId, branch, which }: Shortened) {
  for (const n of which) {
    const { itemId, ...item } = itemOf(n);
    const content = branch === "main" ? "Update to 4.2.1, please." : "4.2.1 mends that.";
    await client.call("PUT /api/v1/datasets/:datasetId/items/:itemId", {
      params: { datasetId, itemId },
      body: { branch, item: { ...item, expected: { role: "assistant", content } } },
    });
  }
}

type Commit = { datasetId: string; message: string; branch?: string };

const commit = (client: Client, { datasetId, ...body }: Commit) =>
  client.call("POST /api/v1/datasets/:datasetId/draft/commit", { params: { datasetId }, body });

async function until(isSo: () => Promise<boolean>) {
  for (let tries = 0; tries < 300; tries += 1) {
    if (await isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error("the report of the pictures took more than a minute");
}
