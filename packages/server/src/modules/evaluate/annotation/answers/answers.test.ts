import type { AnnotationAnswerInput } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { type AnnotationWorld, openAnnotation, pairContent } from "../testing/open-annotation.ts";

let store: PostgresStore;
let world: AnnotationWorld;
beforeAll(async () => {
  store = await openTestPostgres();
  world = await openAnnotation(store);
});
afterAll(() => store.close());

const statusOf = async (itemId: string) => (await world.annotation.items.get(world.admin, itemId)).status;
const sent = (more: Partial<AnnotationAnswerInput> = {}): AnnotationAnswerInput => ({
  clientId: "client-0001",
  status: "submitted",
  answers: { good: true },
  comment: "",
  msActive: 10,
  clientVersion: "",
  ...more,
});

test("an answer that is sent twice is stored once, and a different answer with its id is rejected", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{}]);
  const one = world.person("user_twice");
  const { leaseId } = await world.leaseOf(one, queueId);
  const [first, second] = await Promise.all([
    world.annotation.answer(one, leaseId, sent()),
    world.annotation.answer(one, leaseId, sent()),
  ]);
  expect(second.answer.answerId).toBe(first.answer.answerId);
  expect(second.mine.submitted).toBe(1);
  await expect(world.annotation.answer(one, leaseId, sent({ answers: { good: false } }))).rejects.toMatchObject({
    code: "conflict",
    details: { field: "clientId", answerId: first.answer.answerId },
  });
  await expect(world.annotation.answer(one, leaseId, sent({ clientId: "client-0002" }))).rejects.toMatchObject({
    code: "conflict",
    message: expect.stringContaining("already submitted this item"),
  });
});

test("an answer without a client id is stored once", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{ key: "a" }, { key: "b" }]);
  const one = world.person("user_without_id");
  const withoutId = sent({ clientId: undefined });
  for (let time = 0; time < 2; time++) {
    const { leaseId } = await world.leaseOf(one, queueId);
    expect((await world.annotation.answer(one, leaseId, withoutId)).mine.submitted).toBe(time + 1);
    await expect(world.annotation.answer(one, leaseId, withoutId)).rejects.toMatchObject({
      code: "conflict",
      message: expect.stringContaining("already submitted this item"),
    });
  }
});

test("the next items come along with an answer, and again when it is sent again", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{ key: "a" }, { key: "b" }, { key: "c" }]);
  const one = world.person("user_along");
  const first = await world.leaseOf(one, queueId);
  const ask = sent({ clientId: "along-0001", next: { count: 2, holding: [] } });
  const { next, mine } = await world.annotation.answer(one, first.leaseId, ask);
  expect(mine.submitted).toBe(1);
  expect(next).toMatchObject({ mine: { submitted: 1 }, items: [{ draft: null }, { draft: null }] });
  expect(next?.items.map(({ itemId }) => itemId)).not.toContain(first.itemId);
  const again = await world.annotation.answer(one, first.leaseId, ask);
  expect(again.next?.items.map(({ leaseId }) => leaseId)).toEqual(next?.items.map(({ leaseId }) => leaseId));
  const holding = next?.items.map(({ leaseId }) => leaseId) ?? [];
  const other = await world.annotation.answer(one, first.leaseId, { ...ask, next: { count: 1, holding } });
  expect(other.answer.answerId).toBe(again.answer.answerId);
  expect(other.next).toBeNull();
  expect((await world.annotation.answer(one, first.leaseId, sent({ clientId: "along-0001" }))).next).toBeNull();
});

test("a draft that asks for the next item is not given its own", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{ key: "a" }, { key: "b" }]);
  const one = world.person("user_draft_along");
  const first = await world.leaseOf(one, queueId);
  const { next } = await world.answer(one, first.leaseId, { status: "draft", next: { count: 5, holding: [] } });
  expect(next?.items).toHaveLength(1);
  expect(next?.items[0]?.itemId).not.toBe(first.itemId);
});

test("expired leases are taken over by requests for items, but not by requests along with an answer", async () => {
  const { queueId } = await world.makeQueue({ overlap: 1, leaseSeconds: 60 });
  await world.addItems(queueId, [{ key: "a" }, { key: "b" }, { key: "c" }]);
  const [one, two] = [world.person("user_gone"), world.person("user_stays")];
  const left = await world.leaseOf(one, queueId);
  world.pass(30_000);
  const { leaseId } = await world.leaseOf(two, queueId);
  world.pass(31_000);
  const { next } = await world.answer(two, leaseId, { next: { count: 3, holding: [] } });
  expect(next).toBeNull();
  const given = await world.next(two, queueId, { count: 3 });
  expect(given.map(({ itemId }) => itemId)).toContain(left.itemId);
  expect(given).toHaveLength(2);
});

test("answers that do not fit are refused with the question and what it takes, and the lease stays", async () => {
  const { queueId } = await world.makeQueue({
    questions: [
      { type: "binary", key: "good", title: "Good?" },
      { type: "rating", key: "stars", title: "Stars", min: 1, max: 5 },
      { type: "text", key: "why", title: "Why?", dependsOn: { question: "good", oneOf: [false] } },
    ],
  });
  await world.addItems(queueId, [{}]);
  const one = world.person("user_wrong");
  const { leaseId } = await world.leaseOf(one, queueId);
  const cases: [AnnotationAnswerInput["answers"], string, string][] = [
    [{ good: true }, "answers.stars", "needs an answer"],
    [{ good: true, stars: 6 }, "answers.stars", "from 1 to 5"],
    [{ good: "yes", stars: 3 }, "answers.good", "true or false"],
    [{ good: false, stars: 3 }, "answers.why", "needs an answer"],
    [{ good: true, stars: 3, why: "no reason" }, "answers.why", "does not apply here"],
    [{ good: true, stars: 3, other: 1 }, "answers.other", "no such question"],
  ];
  for (const [answers, field, why] of cases)
    await expect(world.answer(one, leaseId, { answers })).rejects.toMatchObject({
      code: "invalid_request",
      details: { field },
      message: expect.stringContaining(why),
    });
  const { answer } = await world.answer(one, leaseId, { answers: { good: false, stars: 2, why: "x\0\uD800" } });
  expect(answer.answers).toEqual({ good: false, stars: 2, why: "x\uFFFD\uFFFD" });
});

test("sides are random for each person, answers name the candidates, and neither run nor test is revealed", async () => {
  const { queueId } = await world.makeQueue({
    overlap: 40,
    questions: [{ type: "pairwise", key: "better", title: "Which is better?" }],
  });
  await world.addItems(queueId, [{ key: "pair", content: pairContent(), metadata: { model: "gpt-secret" } }]);
  const lefts: string[] = [];
  for (let at = 0; at < 40; at++) {
    const one = world.person(`user_side_${at}`);
    const item = await world.leaseOf(one, queueId);
    expect(item.content.candidates.map(({ key }) => key)).toEqual(["left", "right"]);
    expect(JSON.stringify(item)).not.toMatch(/run_|gpt-secret|gold/);
    expect(item.source).toBeNull();
    const left = String(item.content.candidates[0]?.fields[0]?.value);
    lefts.push(left);
    // All people prefer the answer from A, in any position.
    const side = left === "From A" ? "left" : "right";
    const { answer } = await world.answer(one, item.leaseId, { answers: { better: side } });
    expect(answer.answers).toEqual({ better: "run_a" });
    expect(answer.order[0]).toBe(left === "From A" ? "run_a" : "run_b");
  }
  const fromA = lefts.filter((left) => left === "From A").length;
  expect(fromA).toBeGreaterThan(5);
  expect(fromA).toBeLessThan(35);
});

test("what people disagree on goes to a reviewer, and what they agree on is complete", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{ key: "a" }, { key: "b" }, { key: "c" }]);
  const statuses: Record<string, AnnotationAnswerInput["status"][]> = { a: [], b: [], c: [] };
  for (const actor of ["user_x", "user_y"]) {
    const one = world.person(actor);
    for (const key of Object.keys(statuses)) {
      const item = await world.leaseOf(one, queueId);
      const isSecond = actor === "user_y";
      if (key === "c" && isSecond) await world.answer(one, item.leaseId, { status: "discarded", answers: {} });
      else await world.answer(one, item.leaseId, { answers: { good: key === "a" || !isSecond } });
    }
  }
  const { items } = await world.annotation.items.list(world.admin, queueId, { limit: 9, gold: "any", search: "" });
  expect(items.map(({ source, status, agreement }) => [source.key, status, agreement])).toEqual([
    ["custom:a", "complete", 1],
    ["custom:b", "disputed", 0],
    ["custom:c", "disputed", null],
  ]);
});

test("an annotator can undo an answer within the undo window, and gets it back as a draft", async () => {
  const { queueId } = await world.makeQueue({ overlap: 1, undoSeconds: 60 });
  await world.addItems(queueId, [{}]);
  const [one, two] = [world.person("user_undo"), world.person("user_other")];
  const item = await world.leaseOf(one, queueId);
  const { answer } = await world.answer(one, item.leaseId, { comment: "hasty" });
  await expect(world.annotation.undo(two, answer.answerId)).rejects.toMatchObject({ code: "not_found" });
  world.pass(1);
  const again = await world.annotation.undo(one, answer.answerId);
  world.pass(1);
  expect(again).toMatchObject({ itemId: item.itemId, draft: { answers: { good: true }, comment: "hasty" } });
  expect(await statusOf(item.itemId)).toBe("open");
  expect(await world.next(two, queueId)).toEqual([]);
  await expect(world.annotation.undo(one, answer.answerId)).rejects.toMatchObject({ code: "conflict" });
  const second = await world.answer(one, again.leaseId, { answers: { good: false } });
  const { answers } = await world.annotation.items.get(world.admin, item.itemId);
  expect(answers.map(({ status, isCurrent, supersedes }) => [status, isCurrent, supersedes])).toEqual([
    ["submitted", false, null],
    ["undone", false, answer.answerId],
    ["submitted", true, null],
  ]);
  world.pass(61_000);
  await expect(world.annotation.undo(one, second.answer.answerId)).rejects.toMatchObject({
    message: expect.stringContaining("60 seconds"),
  });
});

test("a draft is there after the page is closed, and a closed queue takes nothing", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{}]);
  const one = world.person("user_draft");
  const { leaseId } = await world.leaseOf(one, queueId);
  await world.answer(one, leaseId, { status: "draft", answers: { good: false }, comment: "not sure" });
  await world.annotation.leases.release(one, queueId, [leaseId]);
  const back = await world.leaseOf(one, queueId);
  expect(back.draft).toMatchObject({ answers: { good: false }, comment: "not sure" });
  await world.annotation.queues.update(world.admin, queueId, { isOpen: false });
  await expect(world.answer(one, back.leaseId)).rejects.toMatchObject({ code: "conflict" });
  await expect(world.next(one, queueId)).rejects.toMatchObject({ code: "conflict" });
});

test("a flagged item waits for a reviewer, who puts it back or takes it out", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{}]);
  const [one, two] = [world.person("user_flags"), world.person("user_waits")];
  const { leaseId, itemId } = await world.leaseOf(one, queueId);
  await world.answer(one, leaseId, { status: "flagged", answers: {}, comment: "personal data" });
  expect(await statusOf(itemId)).toBe("flagged");
  expect(await world.next(two, queueId)).toEqual([]);
  await expect(world.annotation.changeItem(one, itemId, { status: "open" })).rejects.toMatchObject({
    code: "forbidden",
  });
  await world.annotation.changeItem(world.admin, itemId, { status: "open" });
  expect(await world.next(two, queueId)).toHaveLength(1);
  await world.annotation.changeItem(world.admin, itemId, { status: "removed" });
  expect(await world.next(world.person("user_third"), queueId)).toEqual([]);
});

test("test items come as often as the queue says, once to each, and tell how well people answer", async () => {
  const { queueId } = await world.makeQueue({ goldRate: 0.5, overlap: 1 });
  await world.addItems(queueId, [
    { key: "test", gold: { good: true } },
    ...Array.from({ length: 6 }, (_, at) => ({ key: `plain-${at}` })),
  ]);
  const [right, wrong] = [world.person("user_right"), world.person("user_wrong2")];
  world.setChance(() => 0.1);
  for (const [one, good] of [
    [right, true],
    [wrong, false],
  ] as const)
    for (let at = 0; at < 3; at++) {
      const { leaseId } = await world.leaseOf(one, queueId);
      await world.answer(one, leaseId, { answers: { good } });
    }
  world.setChance(Math.random);
  const { items } = await world.annotation.quality(world.admin, queueId);
  const gold = Object.fromEntries(items.map((one) => [one.annotator.actorId, [one.gold.answers, one.gold.right]]));
  expect(gold).toEqual({ user_right: [1, 1], user_wrong2: [1, 0] });
  const { items: counts } = await world.annotation.progress(world.admin, queueId);
  expect(counts).toMatchObject({ total: 6, complete: 4 });
});

test("a judge's answer is shown after the annotator's answer, before it only if the queue allows it, and this is recorded", async () => {
  const suggestion = { agent: "judge", answers: { good: false } };
  for (const suggestions of ["never", "after", "before"] as const) {
    const { queueId } = await world.makeQueue({ suggestions });
    await world.addItems(queueId, [{ suggestion }]);
    const one = world.person("user_judge");
    const item = await world.leaseOf(one, queueId);
    const result = await world.answer(one, item.leaseId);
    expect(item.suggestion !== null).toBe(suggestions === "before");
    expect(result.suggestion !== null).toBe(suggestions !== "never");
    expect(result.answer.isSuggestionShown).toBe(suggestions === "before");
  }
});
