import { AppError } from "../../../../kernel/errors.ts";
import type { Reservation, SpendOrder, Waiting } from "../../../build/gateway/index.ts";
import type { Counter } from "./active-limit.ts";
import { type Blocked, isBlocked } from "./blocked.ts";
import { createLines, type InLine, type Line, type Lines } from "./lines.ts";
import type { Times } from "./use-counter.ts";

type Granted = Reservation | null;
type Waiter = InLine & {
  readonly order: SpendOrder;
  readonly hasOther: boolean;
  /** The counters where it has had its turn. Calls that wait there are no longer before it. */
  readonly passed: Set<Counter>;
  readonly settled: PromiseWithResolvers<Granted>;
  counter: Counter;
  cost: number;
  /** Ends the waiting. */
  timer: NodeJS.Timeout | undefined;
};
type Deps = {
  /** Reserves for a call if no limit is in the way, apart from the queues of `passed`. */
  readonly attempt: (order: SpendOrder, passed: ReadonlySet<Counter> | null) => Granted | Blocked;
  readonly times: () => Times;
};
type Room = Deps & { readonly lines: Lines<Waiter> };

/**
 * The calls that wait for a limit. A call waits in one line, of the limit that it would have to wait for longest, and holds
 * nothing meanwhile. When its turn comes, it takes from all of its limits in one step, or moves to the line of another limit.
 */
export function createWaitingCalls(deps: Deps) {
  const room: Room = { ...deps, lines: createLines() };
  let isStopped = false;
  return {
    /** Serves the calls that wait for a counter, in the order of their turns, until one has to wait on. */
    pump: (counter: Counter) => pump(room, counter),

    /** Waits for the turn of a call. Throws if the call may not wait. */
    join(blocked: Blocked, waiting: Waiting): Promise<Granted> {
      if (isStopped || !blocked.mayWait(waiting)) throw blocked.refusal();
      if (room.lines.isFull(blocked.worst.one.counter)) throw blocked.refusal("Too many other calls wait for it.");
      if (waiting.signal.aborted) throw new AppError("cancelled");
      return join(room, blocked, waiting);
    },

    /** Rejects every call that waits. */
    stop(): void {
      isStopped = true;
      for (const waiter of room.lines.all()) {
        leave(room, waiter, "remove");
        waiter.settled.reject(stopping());
      }
    },
  };
}

const stopping = () =>
  new AppError("unavailable", { message: "This server is stopping. Send the request again.", retryAfterSeconds: 1 });

function join(room: Room, blocked: Blocked, { signal, hasOther, waitedMs }: Waiting): Promise<Granted> {
  const { order, worst } = blocked;
  const waiter: Waiter = {
    order,
    actor: order.actor,
    hasOther,
    arrivedAt: room.times().steady - waitedMs,
    passed: new Set(),
    settled: Promise.withResolvers(),
    counter: worst.one.counter,
    cost: worst.one.reserved,
    timer: undefined,
  };
  const cancel = () => {
    leave(room, waiter, "remove");
    waiter.settled.reject(new AppError("cancelled"));
    pump(room, waiter.counter);
  };
  signal.addEventListener("abort", cancel, { once: true });
  enter(room, waiter, blocked);
  pump(room, waiter.counter);
  return waiter.settled.promise.finally(() => signal.removeEventListener("abort", cancel));
}

/** Puts a call into the line of the limit that it would have to wait for longest. */
function enter(room: Room, waiter: Waiter, { worst: { one, waitMs }, queueMs }: Blocked): void {
  Object.assign(waiter, { counter: one.counter, cost: one.reserved });
  schedule(room, room.lines.add(waiter), { counter: one.counter, waitMs });
  const leftMs = queueMs - waitedMs(room, waiter);
  waiter.timer = setTimeout(() => expire(room, waiter), Math.max(0, Math.ceil(leftMs)) + 1);
}

function leave({ lines }: Room, waiter: Waiter, how: "serve" | "remove"): void {
  clearTimeout(waiter.timer);
  waiter.timer = undefined;
  lines.take(waiter, how);
}

/** Sets the time of the next try, unless one is set. A call that waits for another call to end needs none. */
function schedule(room: Room, line: Line<Waiter>, { counter, waitMs }: { counter: Counter; waitMs: number }): void {
  if (counter.limit.kind === "rate") line.timer ??= setTimeout(() => pump(room, counter), Math.ceil(waitMs));
}

function pump(room: Room, counter: Counter): void {
  const line = room.lines.at(counter);
  if (!line) return;
  clearTimeout(line.timer);
  line.timer = undefined;
  for (let waiter = line.queue.next(); waiter; waiter = line.queue.next()) {
    const waitMs = serve(room, waiter);
    if (waitMs === 0) continue;
    schedule(room, line, { counter, waitMs });
    return;
  }
}

/** Tries a call whose turn it is. Returns how long it has to wait on in this line; 0 if it has left. */
function serve(room: Room, waiter: Waiter): number {
  waiter.passed.add(waiter.counter);
  const result = resultOf(room, waiter, waiter.passed);
  if (!("blocked" in result)) {
    leave(room, waiter, "serve");
    settle(waiter, result);
    return 0;
  }
  const { blocked } = result;
  const mayWait = blocked.mayWait({ hasOther: waiter.hasOther, waitedMs: waitedMs(room, waiter) });
  const waitMs = blocked.waitAt(waiter.counter);
  if (mayWait && waitMs > 0) return waitMs;
  leave(room, waiter, "remove");
  if (mayWait) enter(room, waiter, blocked);
  else refuse(room, waiter, blocked);
  return 0;
}

/** The time of a call is over. It gets what it waits for only if no other call is before it. */
function expire(room: Room, waiter: Waiter): void {
  pump(room, waiter.counter);
  if (waiter.timer === undefined) return;
  leave(room, waiter, "remove");
  const result = resultOf(room, waiter, null);
  if ("blocked" in result) refuse(room, waiter, result.blocked);
  else settle(waiter, result);
  pump(room, waiter.counter);
}

/** An error is not about the amount of a limit: for example, a price that is unknown by now. */
type Outcome = { readonly granted: Granted } | { readonly error: unknown };

function resultOf(
  { attempt }: Room,
  { order }: Waiter,
  passed: ReadonlySet<Counter> | null,
): Outcome | { readonly blocked: Blocked } {
  try {
    const result = attempt(order, passed);
    return isBlocked(result) ? { blocked: result } : { granted: result };
  } catch (error) {
    return { error };
  }
}

function settle({ settled }: Waiter, result: Outcome): void {
  if ("error" in result) settled.reject(result.error);
  else settled.resolve(result.granted);
}

function refuse(room: Room, waiter: Waiter, blocked: Blocked): void {
  const seconds = (waitedMs(room, waiter) / 1_000).toFixed(1);
  waiter.settled.reject(blocked.refusal(`It waited ${seconds} s.`));
}

const waitedMs = ({ times }: Room, { arrivedAt }: Waiter): number => times().steady - arrivedAt;
