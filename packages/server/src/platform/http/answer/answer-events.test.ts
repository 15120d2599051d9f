import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import { z } from "zod";
import { notFound } from "../../../kernel/errors.ts";
import type { Sink } from "../../../kernel/sink.ts";
import { answerEvents } from "./answer-events.ts";

const shape = z.object({ count: z.number() });

/** A receiver that stores the received data. */
function createReceiver() {
  const sent: string[] = [];
  let isOpen = true;
  const sink: Sink = {
    isOpen() {
      return isOpen;
    },
    head: (status, headers) => void sent.push(`${status} ${headers["content-type"]}`),
    write: (chunk) => sent.push(String(chunk)) > 0,
    drained: async () => undefined,
    end() {
      isOpen = false;
    },
    destroy() {
      isOpen = false;
    },
  };
  return { sent, sink };
}

async function* untilAborted(signal: AbortSignal) {
  yield { count: 1, secret: "not in the contract" };
  await new Promise((resolve) => signal.addEventListener("abort", resolve));
}
const allowed = async () => true;

test("events hold what the contract says, and the stream ends with its source", async () => {
  const { sent, sink } = createReceiver();
  const source = (async function* () {
    yield { count: 1, secret: "not in the contract" };
    yield { count: 2 };
  })();
  await answerEvents(source, { sink, controller: new AbortController(), shape, isStillAllowed: allowed });
  expect(sent).toEqual([
    "200 text/event-stream; charset=utf-8",
    ": open\n\n",
    'data: {"count":1}\n\n',
    'data: {"count":2}\n\n',
  ]);
  expect(sink.isOpen()).toBe(false);
});

test("comments prevent a quiet stream from timing out", async () => {
  const { sent, sink } = createReceiver();
  const controller = new AbortController();
  const answering = answerEvents(untilAborted(controller.signal), {
    sink,
    controller,
    shape,
    isStillAllowed: allowed,
    heartbeatMs: 10,
  });
  await expect.poll(() => sent.filter((line) => line === ": still here\n\n").length).toBeGreaterThan(2);
  controller.abort();
  await answering;
  const count = sent.length;
  await delay(30);
  expect(sent.length).toBe(count);
});

test("a stream ends when the permission to read is removed, but not when permissions cannot be checked", async () => {
  const { sink } = createReceiver();
  const controller = new AbortController();
  let isStillAllowed = (): Promise<boolean> => Promise.reject(new Error("the database is away"));
  const answering = answerEvents(untilAborted(controller.signal), {
    sink,
    controller,
    shape,
    isStillAllowed: () => isStillAllowed(),
    heartbeatMs: 10,
  });
  await delay(50);
  expect(sink.isOpen()).toBe(true);
  isStillAllowed = async () => false;
  await answering;
  expect(sink.isOpen()).toBe(false);
});

test("a stream ends when its reader is no longer in the project", async () => {
  const { sink } = createReceiver();
  const controller = new AbortController();
  await answerEvents(untilAborted(controller.signal), {
    sink,
    controller,
    shape,
    isStillAllowed: () => Promise.reject(notFound("project", "project_1")),
    heartbeatMs: 10,
  });
  expect(sink.isOpen()).toBe(false);
});

test("an event whose number is its id contains it, so that a reader can continue after it", async () => {
  const { sent, sink } = createReceiver();
  const source = (async function* () {
    yield { count: 7 };
  })();
  const stream = { sink, controller: new AbortController(), shape, eventId: "count", isStillAllowed: allowed };
  await answerEvents(source, stream);
  expect(sent.at(-1)).toBe('id: 7\ndata: {"count":7}\n\n');
});
