import { afterAll, beforeAll, expect, test } from "vitest";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { type AnnotationWorld, openAnnotation, pairContent, textContent } from "../testing/open-annotation.ts";

let store: PostgresStore;
let world: AnnotationWorld;
beforeAll(async () => {
  store = await openTestPostgres();
  world = await openAnnotation(store);
});
afterAll(() => store.close());

test("items follow the rules of their queue when these are changed, and what was settled stays", async () => {
  const { queueId } = await world.makeQueue({ overlap: 2, disputeBelow: 0.5 });
  await world.addItems(queueId, [{ key: "same" }, { key: "other" }, { key: "once" }]);
  const [one, two] = [world.person("user_r1"), world.person("user_r2")];
  for (let at = 0; at < 3; at++) await world.answer(one, (await world.leaseOf(one, queueId)).leaseId);
  for (const good of [true, false])
    await world.answer(two, (await world.leaseOf(two, queueId)).leaseId, { answers: { good } });
  const statuses = async () => {
    const { items } = await world.annotation.items.list(world.admin, queueId, { limit: 9, gold: "any", search: "" });
    return items.map(({ status }) => status);
  };
  const update = (patch: Parameters<typeof world.annotation.queues.update>[2]) =>
    world.annotation.queues.update(world.admin, queueId, patch);
  expect(await statuses()).toEqual(["complete", "disputed", "open"]);
  await update({ overlap: 1 });
  expect(await statuses()).toEqual(["complete", "disputed", "complete"]);
  await update({ disputeBelow: 0 });
  expect(await statuses()).toEqual(["complete", "complete", "complete"]);
  await update({ overlap: 3, order: "random" });
  expect(await statuses()).toEqual(["open", "open", "open"]);
  expect(await world.next(world.person("user_r3"), queueId, { count: 9 })).toHaveLength(3);
});

test("a deleted queue takes its items and answers with it", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{}]);
  const one = world.person("user_gone");
  const { leaseId, itemId } = await world.leaseOf(one, queueId);
  await world.answer(one, leaseId);
  await world.annotation.queues.delete(world.admin, queueId);
  await expect(world.annotation.items.get(world.admin, itemId)).rejects.toMatchObject({ code: "not_found" });
  await expect(world.next(one, queueId)).rejects.toMatchObject({ code: "not_found" });
  await expect(world.answer(one, leaseId)).rejects.toMatchObject({ code: "not_found" });
});

test("only those whom a queue names answer it, and only reviewers see what others said", async () => {
  const { queueId } = await world.makeQueue({ annotators: ["user_named"], reviewers: ["user_reviewer"] });
  await world.addItems(queueId, [{}]);
  const [named, other, reviewer] = ["user_named", "user_other2", "user_reviewer"].map((actor) => world.person(actor));
  if (!named || !other || !reviewer) throw new Error("no people");
  await expect(world.next(other, queueId)).rejects.toMatchObject({ code: "forbidden" });
  const { itemId } = await world.leaseOf(named, queueId);
  await expect(world.annotation.items.get(named, itemId)).rejects.toMatchObject({ code: "forbidden" });
  await expect(world.annotation.export(named, queueId, "jsonl")).rejects.toMatchObject({ code: "forbidden" });
  expect(await world.annotation.items.get(reviewer, itemId)).toMatchObject({ held: 1 });
  const foreign = { ...named, projectId: "proj_other" };
  await expect(world.next(foreign, queueId)).rejects.toMatchObject({ code: "not_found" });
  await expect(world.annotation.items.get(foreign, itemId)).rejects.toMatchObject({ code: "not_found" });
});

test("items of which nothing can be asked are refused with their place, and a source comes in once", async () => {
  const { queueId } = await world.makeQueue({
    questions: [{ type: "pairwise", key: "better", title: "Which is better?" }],
  });
  await expect(
    world.addItems(queueId, [{ key: "pair", content: pairContent() }, { content: textContent("alone") }]),
  ).rejects.toMatchObject({ code: "invalid_request", details: { field: "items.1.content" } });
  await expect(
    world.addItems(queueId, [{ key: "pair", content: pairContent(), gold: { better: "left" } }]),
  ).rejects.toMatchObject({ details: { field: "items.0.gold" }, message: expect.stringContaining('"run_a"') });
  expect(await world.addItems(queueId, [{ key: "pair", content: pairContent() }])).toMatchObject({ added: 1 });
  expect(await world.addItems(queueId, [{ key: "pair", content: pairContent() }])).toMatchObject({
    added: 0,
    present: 1,
  });
});

test("guidelines and questions are versions, and answers say under which they were given", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{ key: "a" }, { key: "b" }]);
  const one = world.person("user_versions");
  const first = await world.leaseOf(one, queueId);
  const old = await world.answer(one, first.leaseId);
  await world.annotation.queues.addGuideline(world.admin, queueId, { markdown: "Be strict.", examples: [] });
  const second = await world.leaseOf(one, queueId);
  const young = await world.answer(one, second.leaseId);
  expect([old.answer.guidelineVersion, young.answer.guidelineVersion]).toEqual([1, 2]);
  const { items } = await world.annotation.queues.listGuidelines(world.admin, queueId);
  expect(items.map(({ version, markdown }) => [version, markdown])).toEqual([
    [2, "Be strict."],
    [1, ""],
  ]);
});

test("what people say about an item is counted on it", async () => {
  const { queueId } = await world.makeQueue();
  await world.addItems(queueId, [{}]);
  const one = world.person("user_talks");
  const { itemId, leaseId } = await world.leaseOf(one, queueId);
  await world.annotation.discussion.create(one, itemId, "What does good mean here?");
  await world.annotation.leases.release(one, queueId, [leaseId]);
  expect((await world.leaseOf(one, queueId)).commentCount).toBe(1);
  const { items } = await world.annotation.discussion.list(world.admin, itemId, { limit: 5 });
  expect(items).toMatchObject([{ text: "What does good mean here?", isOwn: false, author: { actorId: "user_talks" } }]);
});

test("an export holds every answer, and nothing that a spreadsheet would run", async () => {
  const { queueId } = await world.makeQueue({
    overlap: 1,
    questions: [
      { type: "binary", key: "good", title: "Good?" },
      { type: "text", key: "why", title: "Why?", isRequired: false },
    ],
  });
  await world.addItems(queueId, [{ key: "a" }, { key: "b" }]);
  const one = world.person("user_export");
  const { leaseId } = await world.leaseOf(one, queueId);
  await world.answer(one, leaseId, { answers: { good: true, why: "=1+1" } });
  const read = async (shape: "jsonl" | "csv" | "label-studio") => {
    let text = "";
    for await (const chunk of (await world.annotation.export(world.admin, queueId, shape)).chunks) text += chunk;
    return text;
  };
  expect(
    (await read("jsonl"))
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line).answers.length),
  ).toEqual([1, 0]);
  expect(await read("csv")).toContain("'=1+1");
  expect(JSON.parse(await read("label-studio"))).toMatchObject([
    {
      data: { output: "Text 0" },
      annotations: [
        {
          completed_by: "Name of user_export",
          result: [
            { from_name: "good", to_name: "output", type: "choices", value: { choices: ["Yes"] } },
            { from_name: "why", type: "textarea", value: { text: ["=1+1"] } },
          ],
        },
      ],
    },
    { annotations: [] },
  ]);
});
