import { describe, expect, test } from "vitest";
import { ApiError } from "../../../../api.ts";
import type { AnnotationCalls, AnswerBody, LeasedItem, Work } from "../item/answering-desk.ts";
import { createAnswering } from "./answering.ts";

const mine = { submitted: 0, skipped: 0, discarded: 0, flagged: 0, medianMs: null };

const itemOf = (name: string): LeasedItem => ({
  leaseId: `lease-${name}`,
  itemId: name,
  queueId: "q",
  expiresAt: "2026-01-01T00:00:00.000Z",
  content: { fields: [{ key: "output", title: "", kind: "text", value: name }], candidates: [] },
  questionsVersion: 1,
  guidelineVersion: 1,
  draft: null,
  suggestion: null,
  source: null,
  commentCount: 0,
});

function answerOf(leaseId: string, body: AnswerBody) {
  const answer = {
    answerId: `answer-${leaseId}`,
    itemId: leaseId.slice(6),
    queueId: "q",
    annotator: { actorId: "u", name: "U" },
    status: body.status,
    answers: body.values,
    comment: body.comment,
    order: [],
    questionsVersion: 1,
    guidelineVersion: 1,
    msActive: body.msActive,
    isSuggestionShown: false,
    clientVersion: "",
    supersedes: null,
    isCurrent: true,
    createdAt: "2026-01-01T00:00:00.000Z",
  };
  return { answer, suggestion: null, undoUntil: null, mine, next: null };
}

/** A queue of items, a browser with storage, and a server that can become unavailable. */
function setUp(names: readonly string[], answer?: AnnotationCalls["answer"]) {
  const waiting = names.map(itemOf);
  const sent: [string, AnswerBody][] = [];
  const released: string[] = [];
  const asked: number[] = [];
  const storedWork = new Map<string, Work>();
  const outbox: { value: unknown } = { value: [] };
  let ids = 0;
  const start = () =>
    createAnswering({
      calls: {
        async next(count) {
          asked.push(count);
          return { items: waiting.splice(0, count), mine };
        },
        async answer(leaseId, body) {
          const response = await (answer?.(leaseId, body) ?? answerOf(leaseId, body));
          sent.push([leaseId, body]);
          const items = body.next ? waiting.splice(0, body.next.count) : [];
          return items.length > 0 ? { ...response, next: { items, mine } } : response;
        },
        undo: async (answerId) => itemOf(answerId.slice("answer-lease-".length)),
        heartbeat: async () => ({ lost: ["lease-b"] }),
        async release(leaseIds) {
          released.push(...leaseIds);
        },
      },
      kept: {
        outbox: {
          read: () => JSON.parse(JSON.stringify(outbox.value)),
          write(all) {
            outbox.value = all;
          },
        },
        draft: {
          read: (itemId) => storedWork.get(itemId),
          write: (itemId, work) => void (work ? storedWork.set(itemId, work) : storedWork.delete(itemId)),
        },
      },
      newId: () => `client-${++ids}`,
      wait: () => new Promise((resolve) => setTimeout(resolve, 1)),
    });
  return { start, sent, asked, released, kept: storedWork };
}

const settle = () => new Promise((resolve) => setTimeout(resolve, 20));
const network = () => new ApiError({ status: 0, code: "network", message: "No answer." });
const shown = (answering: ReturnType<typeof createAnswering>) => {
  const { items, at } = answering.get();
  return items[at]?.itemId;
};

test("an answer shows the next item immediately and is sent in the background", async () => {
  const { start, sent } = setUp(["a", "b"]);
  const answering = start();
  answering.start();
  await settle();
  answering.edit({ values: { right: true } });
  answering.give("submitted", { right: true });
  expect(shown(answering)).toBe("b");
  await settle();
  expect(sent).toMatchObject([["lease-a", { status: "submitted", values: { right: true } }]]);
  expect(answering.get().unsent).toBe(0);
});

test("the response to an answer contains the next items, and no other request is needed until the queue is empty", async () => {
  const { start, sent, asked } = setUp(["a", "b", "c", "d", "e"]);
  const answering = start();
  answering.start();
  await settle();
  answering.give("submitted", { right: true });
  await settle();
  expect(sent[0]?.[1].next).toEqual({ count: 1, holding: ["lease-b", "lease-c", "lease-d", "lease-a"] });
  expect(answering.get().items.map(({ itemId }) => itemId)).toEqual(["b", "c", "d", "e"]);
  expect(asked).toEqual([4]);
  answering.give("submitted", { right: true });
  await settle();
  expect(asked).toEqual([4, 1]);
  for (let left = 3; left > 0; left--) {
    answering.give("submitted", { right: true });
    await settle();
  }
  expect(answering.get()).toMatchObject({ items: [], phase: "done", unsent: 0 });
});

test("an answer that the network lost is sent once by the next page, as the same answer", async () => {
  let isAway = true;
  const { start, sent } = setUp(["a"], async (leaseId, body) => {
    if (isAway) throw network();
    return answerOf(leaseId, body);
  });
  const first = start();
  first.start();
  await settle();
  first.give("submitted", { right: false });
  await settle();
  expect(first.get()).toMatchObject({ unsent: 1, isOffline: true });
  first.close();
  isAway = false;
  const second = start();
  second.start();
  await settle();
  expect(sent).toMatchObject([["lease-a", { clientId: "client-1", values: { right: false } }]]);
  expect(second.get().unsent).toBe(0);
});

test("a rejected answer is shown with its content, and does not block other answers", async () => {
  const { start, sent } = setUp(["a", "b"], async (leaseId, body) => {
    if (leaseId === "lease-a") throw new ApiError({ status: 409, code: "conflict", message: "The lease has ended." });
    return answerOf(leaseId, body);
  });
  const answering = start();
  answering.start();
  await settle();
  answering.give("submitted", { text: "long work" });
  answering.give("submitted", { text: "more" });
  await settle();
  expect(answering.get().refused).toMatchObject([{ itemId: "a", message: "The lease has ended." }]);
  expect(answering.get().refused[0]?.work.values).toEqual({ text: "long work" });
  expect(sent.map(([leaseId]) => leaseId)).toEqual(["lease-b"]);
});

describe("undo", () => {
  test("a stored answer is undone by the server and shown again as it was", async () => {
    const { start } = setUp(["a", "b"]);
    const answering = start();
    answering.start();
    await settle();
    answering.give("submitted", { right: true });
    await settle();
    expect(await answering.undo()).toBe(true);
    expect(shown(answering)).toBe("a");
    expect(answering.get().items[0]?.work.values).toEqual({ right: true });
    expect(answering.get().given).toEqual([]);
  });
  test("an unsent answer is undone without the server", async () => {
    const { start, sent } = setUp(["a", "b"], async () => Promise.reject(network()));
    const answering = start();
    answering.start();
    await settle();
    answering.give("submitted", { right: true });
    await settle();
    expect(await answering.undo()).toBe(true);
    expect(answering.get()).toMatchObject({ unsent: 0 });
    expect(shown(answering)).toBe("a");
    expect(sent).toEqual([]);
    answering.close();
  });
});

test("a draft is restored when the page is opened again", async () => {
  const { start, kept } = setUp(["a"]);
  kept.set("a", { values: { text: "half a sent" }, comment: "", msActive: 4000 });
  const answering = start();
  answering.start();
  await settle();
  expect(answering.get().items[0]?.work).toEqual({ values: { text: "half a sent" }, comment: "", msActive: 4000 });
});

test("an item with an expired lease leaves the page, and closing the page releases the other items", async () => {
  const { start, released } = setUp(["a", "b", "c"]);
  const answering = start();
  answering.start();
  await settle();
  await answering.heartbeat();
  expect(answering.get().items.map(({ itemId }) => itemId)).toEqual(["a", "c"]);
  expect(answering.get().lost).toBe(1);
  answering.close();
  expect(released).toEqual(["lease-a", "lease-c"]);
});
