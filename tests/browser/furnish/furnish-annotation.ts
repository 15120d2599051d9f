import { type Client, createClient, type RequestFor } from "@treadle/sdk";
import type { RunningTreadle } from "../../setup/start-treadle.ts";
import { furnishDrift } from "./furnish-drift.ts";
import { furnishPreferences } from "./furnish-preferences.ts";

type NewQueue = RequestFor<"POST /api/v1/annotation-queues">["body"];

const QUESTIONS: NewQueue["questions"] = [
  { type: "binary", key: "right", title: "Is the answer right?" },
  {
    type: "label",
    key: "fault",
    title: "What is wrong with it?",
    options: [{ value: "made up" }, { value: "incomplete" }],
    dependsOn: { question: "right", oneOf: [false] },
  },
  { type: "rating", key: "tone", title: "How friendly is it?", isRequired: false, labels: { 1: "rude", 5: "warm" } },
];

const ORDERS = ["a coat", "two lamps", "a bicycle", "a kettle", "three chairs", "a tent"] as const;

const messagesOf = (order: string) => [
  { role: "system", content: "You answer customers of a shop. Be brief and never promise a date." },
  { role: "user", content: `Where is ${order} that I ordered on Monday? The tracking page says nothing.` },
];

const itemOf = (order: string, index: number) => ({
  key: order,
  metadata: { channel: index % 2 === 0 ? "chat" : "mail" },
  content: {
    fields: [
      { key: "input", title: "Input", kind: "messages" as const, value: messagesOf(order) },
      {
        key: "output",
        title: "Output",
        value: `Thank you for asking. The parcel with ${order} has left our warehouse and is on its way; the carrier shows it once it is scanned.`,
      },
    ],
  },
});

async function annotator(owner: Client, url: string, name: string) {
  const { key } = await owner.call("POST /api/v1/api-keys", {
    body: { name, permissions: ["annotation:read", "annotation:write"] },
  });
  return createClient({ baseUrl: url, apiKey: key });
}

/** Answers all items of a queue as one annotator. `right` decides each answer by the item's position. */
async function answerAll(client: Client, queueId: string, right: (key: number) => boolean) {
  for (let place = 0; ; place += 1) {
    const { items } = await client.call("POST /api/v1/annotation-queues/:queueId/next", {
      params: { queueId },
      body: {},
    });
    const [item] = items;
    if (!item) return;
    const isRight = right(place);
    await client.call("POST /api/v1/annotation-leases/:leaseId/answers", {
      params: { leaseId: item.leaseId },
      body: {
        clientId: `furnished-${item.leaseId}`,
        status: "submitted",
        msActive: 4_000 + place * 900,
        answers: isRight ? { right: true, tone: 4 } : { right: false, fault: "incomplete", tone: 3 },
      },
    });
  }
}

/**
 * Creates queues in several states: one half answered with a dispute, one of pairs, one with every question type, and a
 * closed one. Returns the ids of the first three, and of a queue that a drift rule fills.
 */
export async function furnishAnnotation({ url, apiKey }: RunningTreadle): Promise<Readonly<Record<string, string>>> {
  await furnishPreferences({ url, apiKey });
  const owner = createClient({ baseUrl: url, apiKey });
  const make = (body: NewQueue) => owner.call("POST /api/v1/annotation-queues", { body });
  const support = await make({
    name: "Support answers, October",
    description: "Is what the shop's assistant says right, and is it kind?",
    questions: QUESTIONS,
    goldRate: 0,
    guideline: {
      markdown:
        "# When is it right?\n\nAn answer is **right** when it says nothing that the order does not show.\n\n- Dates are promises.\n- *Incomplete* beats *made up*.",
    },
  });
  const { queueId } = support;
  await owner.call("POST /api/v1/annotation-queues/:queueId/items", {
    params: { queueId },
    body: { from: "custom", items: ORDERS.map(itemOf), reason: "Drawn from October" },
  });
  await answerAll(await annotator(owner, url, "Ada Lovelace"), queueId, () => true);
  await answerAll(await annotator(owner, url, "Grace Hopper"), queueId, (place) => place % 3 !== 1);
  const pairs = await make({
    name: "Which answer is better",
    questions: [{ type: "pairwise", key: "better", title: "Which answer is better?" }],
    goldRate: 0,
  });
  await owner.call("POST /api/v1/annotation-queues/:queueId/items", {
    params: { queueId: pairs.queueId },
    body: {
      from: "custom",
      items: ORDERS.map((order) => ({
        key: order,
        content: {
          fields: [{ key: "input", kind: "messages" as const, value: messagesOf(order) }],
          candidates: [
            {
              id: "a",
              fields: [
                {
                  key: "output",
                  value: `It is on its way.\n\nYou will see ${order} on the tracking page once it is scanned.`,
                },
              ],
            },
            {
              id: "b",
              fields: [{ key: "output", value: `I am sorry! ${order} will surely be with you tomorrow at noon.` }],
            },
          ],
        },
      })),
    },
  });
  const every = await make({
    name: "Every kind of question",
    goldRate: 0,
    questions: [
      {
        type: "multilabel",
        key: "topics",
        title: "What is it about?",
        options: [{ value: "delivery" }, { value: "payment" }],
      },
      {
        type: "span",
        key: "claims",
        title: "Mark what it claims",
        field: "output",
        options: [{ value: "fact" }, { value: "promise" }],
        isRequired: false,
      },
      {
        type: "rubric",
        key: "rubric",
        title: "Rubric",
        criteria: [
          { key: "clear", title: "Clear" },
          { key: "kind", title: "Kind" },
        ],
      },
      {
        type: "ranking",
        key: "causes",
        title: "Rank the causes",
        options: [{ value: "carrier" }, { value: "warehouse" }, { value: "customer" }],
      },
      { type: "correction", key: "better", title: "Correct the answer", field: "output", isRequired: false },
      { type: "text", key: "note", title: "Anything else?", isRequired: false },
    ],
  });
  await owner.call("POST /api/v1/annotation-queues/:queueId/items", {
    params: { queueId: every.queueId },
    body: { from: "custom", items: ORDERS.slice(0, 2).map(itemOf) },
  });
  await make({ name: "Closed in spring", questions: QUESTIONS, isOpen: false });
  const drifting = await furnishDrift({ url, apiKey });
  return { ":queue4": drifting, ":queue1": queueId, ":queue2": pairs.queueId, ":queue3": every.queueId };
}
