import { afterAll, beforeAll, expect, test } from "vitest";
import { newTraceId } from "../../../kernel/ids.ts";
import { toScoreRow } from "../traces/rows/content-rows.ts";
import { makeSpan } from "../traces/testing/make-span.ts";
import { NOW, openTestFeedback, read } from "./testing/open-feedback.ts";

let world: Awaited<ReturnType<typeof openTestFeedback>>;
beforeAll(async () => {
  world = await openTestFeedback();
});
afterAll(() => world.close());

async function withTrace(actor?: string) {
  const scope = await world.newScope(actor);
  const span = makeSpan({ attributes: { "gen_ai.response.id": `chatcmpl-${newTraceId()}` } });
  await world.keep(scope, [span]);
  const { traceId, spanId } = span;
  return { scope, span, target: { traceId, spanId } };
}
const scoresOf = async (scope: Parameters<typeof world.give>[0], target: { traceId: string; spanId: string }) =>
  (await world.traces.getSpan(scope, target)).scores.map(({ name, value, label, source }) => ({
    name,
    value,
    label,
    source,
  }));

test("feedback on a span is a score of it, in its detail and in filters", async () => {
  const { scope, target } = await withTrace();
  expect(
    await world.give(scope, { target, name: "helpful", value: true, userId: "u1", comment: "good" }),
  ).toMatchObject({
    state: "kept",
    isRepeat: false,
  });
  expect(await scoresOf(scope, target)).toEqual([{ name: "helpful", value: 1, label: "", source: "feedback" }]);
  const traces = await world.traces.listTraces(scope, { limit: 10, filter: "score.helpful:1" });
  expect(traces.items.map(({ traceId }) => traceId)).toEqual([target.traceId]);
  expect((await world.traces.listTraces(scope, { limit: 10, filter: "score.helpful:0" })).items).toEqual([]);
});

test("a user's newer feedback replaces the older, in every count, and the history retains both", async () => {
  const { scope, target } = await withTrace();
  const first = await world.give(scope, { target, name: "helpful", value: true, userId: "u1" });
  const second = await world.give(scope, { target, name: "helpful", value: false, userId: "u1" });
  await world.give(scope, { target, name: "helpful", value: true, userId: "u2" });
  expect((await scoresOf(scope, target)).map(({ value }) => value).sort()).toEqual([0, 1]);
  expect((await world.list(scope)).map(({ userId, value }) => [userId, value]).sort()).toEqual([
    ["u1", false],
    ["u2", true],
  ]);
  const old = await world.feedback.get(scope, first.feedbackId);
  expect(old).toMatchObject({ isCurrent: false, value: true });
  expect(old.history.map(({ feedbackId }) => feedbackId)).toEqual([second.feedbackId, first.feedbackId]);
});

test("a thumbs down is reported once it is stored, and a thumbs up is not", async () => {
  const { scope, target } = await withTrace();
  await world.give(scope, { target, name: "helpful", value: true, userId: "u1" });
  expect(world.thumbsDown).not.toContain(target.spanId);
  await world.give(scope, { target, name: "helpful", value: false, userId: "u1", idempotencyKey: "once" });
  await world.give(scope, { target, name: "helpful", value: false, userId: "u1", idempotencyKey: "once" });
  expect(world.thumbsDown.filter((spanId) => spanId === target.spanId)).toHaveLength(1);
});

test("feedback that supersedes other feedback replaces it, even without a user", async () => {
  const { scope, target } = await withTrace();
  const { feedbackId } = await world.give(scope, { target, name: "helpful", value: true });
  await world.give(scope, { target, name: "helpful", value: false, supersedes: feedbackId });
  expect((await scoresOf(scope, target)).map(({ value }) => value)).toEqual([0]);
  await expect(
    world.give(scope, { target, name: "helpful", value: true, supersedes: "fb_none" }),
  ).rejects.toMatchObject({
    code: "not_found",
  });
});

test("withdrawn feedback does not count, and can still be read", async () => {
  const { scope, target } = await withTrace();
  const { feedbackId } = await world.give(scope, { target, name: "helpful", value: true, userId: "u1" });
  await world.feedback.retract(scope, feedbackId);
  await world.spool.flush();
  expect(await scoresOf(scope, target)).toEqual([]);
  expect(await world.list(scope)).toEqual([]);
  expect(await world.feedback.get(scope, feedbackId)).toMatchObject({
    isRetracted: true,
    isCurrent: false,
    value: true,
  });
  await expect(world.feedback.retract(await world.newScope(), feedbackId)).rejects.toMatchObject({ code: "not_found" });
});

test("the same idempotency key with the same content is one answer, at once, later and in another process", async () => {
  const { scope, target } = await withTrace();
  const input = { target, name: "helpful", value: true, idempotencyKey: "k1" };
  const [a, b] = await Promise.all([world.give(scope, input), world.give(scope, input)]);
  expect(a.feedbackId).toBe(b.feedbackId);
  expect([a.isRepeat, b.isRepeat].sort()).toEqual([false, true]);
  expect(await world.create().give(scope, read(input))).toMatchObject({ feedbackId: a.feedbackId, isRepeat: true });
  expect(await world.list(scope)).toHaveLength(1);
  for (const feedback of [world.feedback, world.create()])
    await expect(feedback.give(scope, read({ ...input, value: false }))).rejects.toMatchObject({ code: "conflict" });
  expect(await world.list(scope)).toMatchObject([{ value: true }]);
});

test("a trace of another project, or a deleted trace, accepts no feedback and nothing is stored", async () => {
  const mine = await withTrace();
  const theirs = await withTrace();
  for (const target of [theirs.target, { traceId: theirs.target.traceId }])
    await expect(world.give(mine.scope, { target, name: "helpful", value: 1 })).rejects.toMatchObject({
      code: "not_found",
    });
  await world.give(mine.scope, { target: mine.target, name: "helpful", value: 1 });
  await world.traces.deleteTrace(mine.scope, mine.target.traceId);
  const again = { target: mine.target, name: "helpful", value: 2 };
  await expect(world.give(mine.scope, again)).rejects.toMatchObject({ code: "not_found" });
  await expect(world.create().give(mine.scope, read(again))).rejects.toMatchObject({ code: "not_found" });
  expect(await world.list(mine.scope)).toEqual([]);
  expect(await world.list(theirs.scope)).toEqual([]);
});

test("feedback that comes before its trace waits, and is a score of it once it is there", async () => {
  const scope = await world.newScope();
  const span = makeSpan();
  const target = { traceId: span.traceId, spanId: span.spanId };
  expect(await world.give(scope, { target, name: "helpful", value: false })).toMatchObject({ state: "waiting" });
  expect(await world.list(scope)).toMatchObject([{ isWaiting: true }]);
  await world.keep(scope, [span]);
  expect(await world.list(scope)).toMatchObject([{ isWaiting: false }]);
  expect(await scoresOf(scope, target)).toMatchObject([{ name: "helpful", value: 0 }]);
});

test("an answer's id leads to its span in every spelling of the gateway, whichever of the two came first", async () => {
  const { scope, span, target } = await withTrace();
  const core = String(span.attributes["gen_ai.response.id"]).replace("chatcmpl-", "");
  for (const [index, id] of [`chatcmpl-${core}`, `msg_${core}`, `resp_${core}`].entries())
    await world.give(scope, { target: { responseId: id }, name: `n${index}`, value: 1 });
  expect((await scoresOf(scope, target)).map(({ name }) => name).sort()).toEqual(["n0", "n1", "n2"]);

  const late = makeSpan({ attributes: { "gen_ai.response.id": "12345" } });
  const given = { target: { responseId: "12345" }, name: "helpful", value: true, userId: "u1" };
  expect(await world.give(scope, given)).toMatchObject({ state: "waiting" });
  expect(world.sent).toContain(`${scope.projectId} feedback-waiting`);
  expect(await world.feedback.resolveWaiting(scope.projectId)).toBe(0);
  await world.keep(scope, [late]);
  expect(await world.feedback.resolveWaiting(scope.projectId)).toBe(1);
  await world.spool.flush();
  const place = { traceId: late.traceId, spanId: late.spanId };
  expect(await scoresOf(scope, place)).toMatchObject([{ name: "helpful", value: 1 }]);
  expect(await world.feedback.resolveWaiting(scope.projectId)).toBe(0);
  // The same user changes their mind, now that the answer is known.
  await world.give(scope, { ...given, value: false });
  expect(await scoresOf(scope, place)).toMatchObject([{ name: "helpful", value: 0 }]);
});

test("a batch reports the result of each item, and stores the valid items", async () => {
  const { scope, target } = await withTrace();
  const theirs = await withTrace();
  const { kept, refused, results } = await world.feedback.giveBatch(scope, [
    { target, name: "helpful", value: true, idempotencyKey: "a" },
    { target, name: "helpful", value: true, idempotencyKey: "a" },
    { target, name: "helpful" },
    { target: theirs.target, name: "helpful", value: 1 },
    { target, name: "no good name", value: 1 },
    "text",
  ]);
  expect({ kept, refused }).toEqual({ kept: 2, refused: 4 });
  expect(results.map(({ feedback, error }) => error?.code ?? feedback?.isRepeat)).toEqual([
    ...[false, true, "invalid_request", "not_found", "invalid_request", "invalid_request"],
  ]);
  expect(results[2]?.error?.message).toContain("says nothing");
  await world.spool.flush();
  expect(await world.list(scope)).toHaveLength(1);
});

test("the list is paged and filtered, and contains evaluations from OpenTelemetry events", async () => {
  const { scope, target } = await withTrace();
  const event = { ...target, name: "judged", value: 0.5, label: "", comment: "so so", source: "otel" };
  await world.columnar.insert("scores", [
    toScoreRow(scope.projectId, { ...event, time: new Date(NOW - 5_000).toISOString() }),
  ]);
  await world.give(scope, { target, name: "tone", value: "rude", userId: "u1", comment: "Very RUDE <b>indeed</b>" });
  await world.give(scope, { target, name: "stars", value: 4, userId: "u2", correction: { text: "better" } });
  await world.give(scope, { target: { sessionId: "s1" }, name: "solved", value: true, userId: "u2" });
  await world.give(scope, { target, signal: "edited", signalDetail: { distance: 0.2 }, userId: "u3" });
  const names = async (query: object) => (await world.list(scope, query)).map(({ name }) => name);
  expect(await names({})).toEqual(["edited", "solved", "stars", "tone", "judged"]);
  expect(await names({ source: "otel" })).toEqual(["judged"]);
  expect(await names({ value: "rude" })).toEqual(["tone"]);
  expect(await names({ value: "true" })).toEqual(["edited", "solved"]);
  expect(await names({ min: 0.5, max: 3 })).toEqual(["edited", "solved", "judged"]);
  expect(await names({ userId: "u2" })).toEqual(["solved", "stars"]);
  expect(await names({ sessionId: "s1" })).toEqual(["solved"]);
  expect(await names({ search: "rude <B>" })).toEqual(["tone"]);
  expect(await names({ has: "correction" })).toEqual(["stars"]);
  expect(await names({ signal: "edited" })).toEqual(["edited"]);
  expect(await names({ traceId: target.traceId, from: new Date(NOW - 1_000).toISOString() })).toEqual([
    "edited",
    "stars",
    "tone",
  ]);
  const first = await world.feedback.list(scope, { limit: 2 });
  const second = await world.feedback.list(scope, { limit: 3, cursor: first.nextCursor ?? "" });
  expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(await names({}));
  expect(second.nextCursor).toBeNull();
  const [judged] = await world.list(scope, { source: "otel" });
  expect(await world.feedback.get(scope, judged?.feedbackId ?? "")).toMatchObject({
    name: "judged",
    value: 0.5,
    isCurrent: true,
  });
});

test("a session has the feedback that was given on it and on its traces, and no other", async () => {
  const scope = await world.newScope();
  const [first, second, other] = ["chat-1", "chat-1", "chat-2"].map((sessionId) => makeSpan({ sessionId }));
  if (!first || !second || !other) throw new Error("There are no spans.");
  await world.keep(scope, [first, second, other]);
  const onSpan = ({ traceId, spanId }: typeof first) => ({ traceId, spanId });
  await world.give(scope, { target: onSpan(first), name: "helpful", value: false, userId: "u1" });
  await world.give(scope, { target: { traceId: second.traceId }, name: "tone", value: "kind", userId: "u1" });
  await world.give(scope, { target: { sessionId: "chat-1" }, name: "solved", value: true, userId: "u1" });
  await world.give(scope, { target: onSpan(other), name: "helpful", value: true, userId: "u1" });
  await world.give(scope, { target: { sessionId: "chat-2" }, name: "solved", value: false, userId: "u1" });
  const event = { ...onSpan(second), name: "polite", value: 1, label: "", comment: "", source: "otel" };
  const time = new Date(NOW - 5_000).toISOString();
  await world.columnar.insert("scores", [toScoreRow(scope.projectId, { ...event, time })]);
  const names = async (inSession: string) => (await world.list(scope, { inSession })).map(({ name }) => name).sort();
  expect(await names("chat-1")).toEqual(["helpful", "polite", "solved", "tone"]);
  expect(await names("chat-2")).toEqual(["helpful", "solved"]);
  expect(await names("chat-3")).toEqual([]);
  expect((await world.list(scope, { inSession: "chat-1", name: "helpful" })).map(({ value }) => value)).toEqual([
    false,
  ]);
});

test("feedback of a signed-in person belongs to that person, one per name, and shows the person's name", async () => {
  const { scope, target } = await withTrace("user_ada");
  await world.give(scope, { target, name: "helpful", value: true });
  await world.give(scope, { target, name: "helpful", value: false, correction: "No." });
  expect(await world.list(scope)).toMatchObject([{ source: "ui", givenBy: "Ada", value: false, correction: "No." }]);
});

test("whether feedback may be trained on is what it says, or else what the project says", async () => {
  const { scope, target } = await withTrace();
  await world.give(scope, { target, name: "a", value: 1 });
  await world.feedback.configs.updateSettings(scope, { isStrict: false, defaultConsent: true });
  await world.give(scope, { target, name: "b", value: 1 });
  await world.give(scope, { target, name: "c", value: 1, consent: false });
  expect((await world.list(scope)).map(({ name, consent }) => [name, consent])).toEqual([
    ["c", false],
    ["b", true],
    ["a", false],
  ]);
});
