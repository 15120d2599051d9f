import { MAX_DOCUMENT_BYTES } from "@treadle/contract";
import { expect, test, vi } from "vitest";
import { countUploads, createUploadQueue } from "./upload-queue.ts";

const file = (name: string, size = 10) => ({ name, size });

/** A queue whose sends wait until the test ends them by the name of the file. */
function startQueue(atOnce = 2) {
  const open = new Map<string, PromiseWithResolvers<void>>();
  const onDone = vi.fn();
  const queue = createUploadQueue<ReturnType<typeof file>>({ atOnce, explain: (error) => String(error), onDone });
  const sent: string[] = [];
  const send = ({ name }: { name: string }, signal: AbortSignal) => {
    sent.push(name);
    const ended = Promise.withResolvers<void>();
    open.set(name, ended);
    signal.addEventListener("abort", () => ended.reject(signal.reason));
    return ended.promise;
  };
  const end = async (name: string, error?: string) => {
    if (error === undefined) open.get(name)?.resolve();
    else open.get(name)?.reject(error);
    await new Promise((resolve) => setTimeout(resolve));
  };
  const states = () => queue.snapshot().map(({ name, state }) => `${name} ${state}`);
  return { queue, send, sent, end, states, onDone };
}

test("two files are sent at the same time, and the next starts when one has arrived", async () => {
  const { queue, send, sent, end, states, onDone } = startQueue();
  queue.add([file("a"), file("b"), file("c")], send);
  expect(states()).toEqual(["a sending", "b sending", "c queued"]);
  await end("b");
  expect(states()).toEqual(["a sending", "b done", "c sending"]);
  expect(sent).toEqual(["a", "b", "c"]);
  expect(onDone).toHaveBeenCalledTimes(1);
});

test("a failed file shows its error, does not stop the others, and is sent again on request", async () => {
  const { queue, send, end, states } = startQueue(1);
  queue.add([file("a"), file("b")], send);
  await end("a", "no space");
  expect(queue.snapshot()[0]).toMatchObject({ state: "failed", error: "no space", canRetry: true });
  expect(states()).toEqual(["a failed", "b sending"]);
  queue.retry(queue.snapshot()[0]?.id ?? 0);
  await end("b");
  expect(states()).toEqual(["a sending", "b done"]);
});

test("empty and oversized files fail without a request", () => {
  const { queue, send, sent } = startQueue();
  queue.add([file("empty.md", 0), file("big.pdf", MAX_DOCUMENT_BYTES + 1), file("fits.pdf", MAX_DOCUMENT_BYTES)], send);
  const [empty, big] = queue.snapshot();
  expect(empty).toMatchObject({ state: "failed", error: "The file is empty.", canRetry: false });
  expect(big?.error).toBe("The file has more than 100 MiB. Split it, or upload its text.");
  expect(sent).toEqual(["fits.pdf"]);
});

test("a stopped upload leaves the list and makes room", async () => {
  const { queue, send, states } = startQueue(1);
  queue.add([file("a"), file("b")], send);
  queue.remove(queue.snapshot()[0]?.id ?? 0);
  await new Promise((resolve) => setTimeout(resolve));
  expect(states()).toEqual(["b sending"]);
});

test("clearing keeps what is still sent, and the counts add up", async () => {
  const { queue, send, end } = startQueue(1);
  queue.add([file("a"), file("b"), file("c"), file("none", 0)], send);
  await end("a");
  expect(countUploads(queue.snapshot())).toEqual({ total: 4, done: 1, failed: 1, active: 2 });
  queue.clear();
  expect(queue.snapshot().map(({ name }) => name)).toEqual(["b", "c"]);
});
