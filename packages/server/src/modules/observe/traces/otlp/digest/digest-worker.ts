import { parentPort } from "node:worker_threads";
import type { ErrorCode } from "@treadle/contract";
import { AppError } from "../../../../../kernel/errors.ts";
import {
  collectYoungBuffers,
  createCooperativeYield,
  freeBytes,
  stepBack,
} from "../../../../../platform/threads/port.ts";
import type { Digest, Order } from "./decode-request.ts";
import { digest } from "./digest.ts";
import { createMemory } from "./memory.ts";
import type { NotedCall } from "./nested-calls.ts";

/** An order to be read, with rests or without. */
export type OrderQuestion = { readonly id: number; readonly order: Order; readonly mayRest: boolean };
/** An order, a removal of an order that could not be stored, or a call that was recorded elsewhere. */
export type Question = OrderQuestion | { readonly forget: Uint32Array } | { readonly call: NotedCall };
/** Why an order was refused, as it crosses to the other thread. */
export type Refusal = { readonly code: ErrorCode; readonly message: string; readonly details: unknown };
export type Answer =
  | { readonly id: number; readonly digest: Digest }
  | { readonly id: number; readonly refusal: Refusal };

const memory = createMemory();
// The sender waits for what is read here, as it does for the spool's writing.
stepBack(5);
collectYoungBuffers();

parentPort?.on("message", (question: Question) => {
  if ("order" in question) return reply(question);
  if ("forget" in question) memory.seen.forget(question.forget);
  else memory.calls.note(question.call);
});

function reply(question: OrderQuestion): void {
  const answer = answerOf(question);
  parentPort?.postMessage(answer, "digest" in answer ? buffersOf(answer.digest) : []);
  freeBytes(question.order.bytes);
}

function answerOf({ id, order, mayRest }: OrderQuestion): Answer {
  try {
    return { id, digest: digest(order, memory, mayRest ? createCooperativeYield() : undefined) };
  } catch (error) {
    // An unexpected error ends this thread, because its state may be invalid. The other side asks the sender to retry.
    if (!(error instanceof AppError)) throw error;
    const { code, message, details } = error;
    return { id, refusal: { code, message, details } };
  }
}

/** Transferred instead of copied: each has a separate buffer. */
const buffersOf = ({ encoded, objects, marks }: Digest): ArrayBuffer[] =>
  [...encoded.map(({ lines }) => lines.buffer), ...objects.map(({ bytes }) => bytes.buffer), marks.buffer].filter(
    (buffer) => buffer instanceof ArrayBuffer,
  );
