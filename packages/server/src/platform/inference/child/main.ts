import { constants, setPriority } from "node:os";
import type { FromChild, ToChild } from "../protocol.ts";
import { type CallIo, createEngine } from "./engine.ts";
import { toFailure } from "./failure.ts";

// The process that runs models. It holds no secret, opens no connection, and ends with the server's process.

// On a busy machine an answer may take longer; the server must not.
setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

const engine = createEngine();
const running = new Map<number, AbortController>();

const send = (message: FromChild) => {
  if (process.connected) process.send?.(message);
};

process.on("disconnect", () => process.exit(0));
process.on("message", (message: ToChild) => {
  if (message.type === "ping") return send({ type: "pong" });
  if (message.type === "cancel") return running.get(message.call)?.abort();
  void run(message);
});
send({ type: "ready" });

type Order = Exclude<ToChild, { type: "ping" | "cancel" }>;

async function run(order: Order) {
  const { call } = order;
  const controller = new AbortController();
  running.set(call, controller);
  try {
    const answer = await dispatch(order, {
      signal: controller.signal,
      emit: (event) => send({ type: "event", call, event }),
    });
    send({ type: "answer", call, answer });
  } catch (error) {
    send({ type: "failed", call, failure: toFailure(error) });
  } finally {
    running.delete(call);
  }
}

function dispatch(order: Order, io: CallIo) {
  switch (order.type) {
    case "load":
      return engine.load(order.order);
    case "loadOnnx":
      return engine.loadOnnx(order.order);
    case "adapt":
      return engine.adapt(order.order);
    case "unload":
      return engine.unload(order.order);
    case "generate":
      return engine.generate(order.order, io);
    case "embed":
      return engine.embed(order.order, io);
    case "logprobs":
      return engine.logprobs(order.order, io);
    case "count":
      return engine.count(order.order);
    case "countTexts":
      return engine.countTexts(order.order, io);
    default:
      return order satisfies never;
  }
}
