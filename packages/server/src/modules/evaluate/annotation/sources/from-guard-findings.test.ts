import { AnnotationItemsInput, type AnnotationQueueInput, type GuardExample } from "@treadle/contract";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { z } from "zod";
import type { PostgresStore } from "../../../../platform/postgres/port.ts";
import { openTestPostgres } from "../../../../platform/postgres/testing/open-test-postgres.ts";
import { makeSpan } from "../../../observe/traces/testing/make-span.ts";
import type { AnnotationDeps } from "../queues/deps.ts";
import { openAnnotation } from "../testing/open-annotation.ts";

const LONG = "x".repeat(400);
const TEXT = `${LONG} ann@example.com and bob@example.com`;
const span = makeSpan({
  input: [{ role: "user", parts: [{ type: "text", content: TEXT }] }],
  output: [{ role: "assistant", parts: [{ type: "text", content: "Hello" }] }],
});
const exampleAt = (value: string, more: Partial<GuardExample> = {}): GuardExample => ({
  traceId: span.traceId,
  spanId: span.spanId,
  source: "user",
  path: "input.0.parts.0.content",
  rule: 0,
  detector: "personal-data",
  kind: "email",
  action: "mask",
  start: TEXT.indexOf(value),
  end: TEXT.indexOf(value) + value.length,
  score: 1,
  view: "text",
  ...more,
});
const ANN = exampleAt("ann@example.com");
const BOB = exampleAt("bob@example.com");
const PLACE = { traceId: span.traceId, spanId: span.spanId, detector: "personal-data", kind: "email", path: ANN.path };

let postgres: PostgresStore;
beforeAll(async () => {
  postgres = await openTestPostgres();
});
afterAll(() => postgres?.close());

async function openWorld(examples: readonly GuardExample[] = [ANN, BOB]) {
  const labels: object[] = [];
  const findings: AnnotationDeps["findings"] = {
    listExamples: async () => examples,
    addLabel: async (_tx, { actor }, label) => labels.push({ actor, ...label }) as never,
    withdrawLabel: async (_tx, { actor }, place) => void labels.push({ actor, withdrawn: place.start }),
  };
  const picked = {
    async *read(_project: string, keys: readonly { spanId: string }[]) {
      for (const { spanId } of keys) if (spanId === span.spanId) yield { span, scores: [] };
    },
  };
  const world = await openAnnotation(postgres, { findings, traces: { picked } as never });
  const admin = { ...world.admin, permissions: new Set(["annotation:write", "guards:read", "traces:read"] as const) };
  const makeQueue = (more: Partial<z.input<typeof AnnotationQueueInput>> = {}) =>
    world.makeQueue({
      order: "added",
      questions: [
        { type: "binary", key: "right", title: "Is this finding right?" },
        { type: "text", key: "why", title: "Why?", isRequired: false },
      ],
      ...more,
    });
  const add = (queueId: string, more: object = {}, caller = admin) =>
    world.annotation.adding.add(
      caller as never,
      queueId,
      AnnotationItemsInput.parse({ from: "guard-findings", previewId: "gprv_1", question: "right", ...more }),
    );
  return { ...world, labels, makeQueue, add };
}

test("each finding is an item with its place in the text", async () => {
  const { makeQueue, add, leaseOf, person } = await openWorld();
  const { queueId } = await makeQueue();
  expect(await add(queueId)).toEqual({ added: 2, present: 0, skipped: 0, matching: 2 });
  expect(await add(queueId)).toMatchObject({ added: 0, present: 2 });
  const { content } = await leaseOf(person("user_ann"), queueId);
  expect(content.fields.map(({ key }) => key)).toEqual(["finding", "excerpt", "input", "output"]);
  expect(content.fields[0]?.value).toBe("E-mail address (personal-data)");
  expect(content.fields[1]?.value).toBe(`…${"x".repeat(299)} [[ann@example.com]] and bob@example.com`);
});

test("an answer becomes the person's label, and an undone answer takes it back", async () => {
  const { makeQueue, add, leaseOf, person, answer, annotation, labels } = await openWorld([ANN]);
  const { queueId } = await makeQueue({ overlap: 2, undoSeconds: 60 });
  await add(queueId);
  const [ann, bo] = [person("user_ann"), person("user_bo")];
  const { leaseId } = await leaseOf(ann, queueId);
  await answer(ann, leaseId, { status: "draft", answers: { right: true } });
  expect(labels).toEqual([]);
  const said = { clientId: "answer-one-xxxx", answers: { right: false } };
  const answered = await answer(ann, leaseId, said);
  const { start, end } = ANN;
  expect(labels).toEqual([{ actor: "user_ann", ...PLACE, start, end, isRight: false }]);
  // A repeated answer is the same answer.
  await answer(ann, leaseId, said);
  expect(labels).toHaveLength(1);
  await answer(bo, (await leaseOf(bo, queueId)).leaseId, { answers: { right: true } });
  expect(labels[1]).toMatchObject({ actor: "user_bo", isRight: true });
  await annotation.undo(ann, answered.answer.answerId);
  expect(labels[2]).toEqual({ actor: "user_ann", withdrawn: start });
});

test("a skipped finding has no label", async () => {
  const { makeQueue, add, leaseOf, person, answer, labels } = await openWorld();
  const { queueId } = await makeQueue();
  await add(queueId);
  const ann = person("user_ann");
  await answer(ann, (await leaseOf(ann, queueId)).leaseId, { status: "discarded", answers: {} });
  expect(labels).toEqual([]);
});

test("only findings of a detector are added, and a finding whose text is gone is skipped", async () => {
  const gone = exampleAt("ann@example.com", { detector: "secrets", path: "input.9.parts.0.content" });
  const { makeQueue, add } = await openWorld([ANN, gone]);
  const { queueId } = await makeQueue();
  expect(await add(queueId, { detector: "secrets" })).toMatchObject({ added: 0, skipped: 1, matching: 1 });
  expect(await add(queueId, { detector: "personal-data" })).toMatchObject({ added: 1, matching: 1 });
});

test("the question must be a yes-or-no question of the queue", async () => {
  const { makeQueue, add } = await openWorld();
  const { queueId } = await makeQueue();
  for (const [question, message] of [
    ["other", "is no question of the queue"],
    ["why", "of the type text"],
  ])
    await expect(add(queueId, { question })).rejects.toMatchObject({
      code: "invalid_request",
      message: expect.stringContaining(message ?? ""),
    });
});

test("a caller who may not read guards or traces cannot add findings", async () => {
  const { makeQueue, add, admin } = await openWorld();
  const { queueId } = await makeQueue();
  await expect(add(queueId, {}, admin as never)).rejects.toMatchObject({ code: "forbidden" });
});
