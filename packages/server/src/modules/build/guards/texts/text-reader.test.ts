import { describe, expect, test } from "vitest";
import type { Thread } from "../../../../platform/threads/port.ts";
import type { ReadOrder, TextsRead } from "./read-texts.ts";
import { createTextReader, type ReaderOrders } from "./text-reader.ts";

const orderOf = (text: string): ReadOrder => ({
  rules: "[]",
  texts: [{ text, trust: "user", isAnswer: false }],
  facts: { systemPrompt: "", sources: [], keyId: null },
});
const READ: TextsRead = [[{ rule: 0, found: [], ms: 1 }]];

/** A thread whose orders the test answers. */
function createFakeThread() {
  const texts: string[] = [];
  const answers: PromiseWithResolvers<TextsRead>[] = [];
  let closed = 0;
  const ask = (name: string, order: ReadOrder | null) => {
    if (name === "begin") return Promise.resolve(true);
    const answer = Promise.withResolvers<TextsRead>();
    texts.push(order?.texts[0]?.text ?? "");
    answers.push(answer);
    return answer.promise;
  };
  const close = async () => {
    closed++;
    for (const { reject } of answers) reject(new Error("stopped"));
  };
  return { thread: { ask, close } as Thread<ReaderOrders>, texts, answers, closed: () => closed };
}
/** A reader whose threads have started. */
async function startReader({ threads, ...options }: Parameters<typeof createTextReader>[0]) {
  const reader = createTextReader({ threads, ...options });
  await reader.read(orderOf("starts the threads"));
  await turn();
  return reader;
}
const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("threads that read texts", () => {
  test("read nothing before they have started, so that nobody waits for that", async () => {
    let time = 0;
    const { thread, texts, answers } = createFakeThread();
    const { read } = createTextReader({ threads: [thread], now: () => time });
    expect(await read(orderOf("first"))).toBeNull();
    await turn();
    const second = read(orderOf("second"));
    await turn();
    answers[0]?.resolve(READ);
    expect(await second).toBe(READ);
    // It may have ended because it was idle.
    time += 55_000;
    expect(await read(orderOf("third"))).toBeNull();
    expect(texts).toEqual(["second"]);
  });

  test("get one order at a time, in the order in which they arrive", async () => {
    const { thread, texts, answers } = createFakeThread();
    const { read } = await startReader({ threads: [thread] });
    const [first, second] = [read(orderOf("one")), read(orderOf("two"))];
    await turn();
    expect(texts).toEqual(["one"]);
    answers[0]?.resolve(READ);
    expect(await first).toBe(READ);
    await turn();
    expect(texts).toEqual(["one", "two"]);
    answers[1]?.resolve([]);
    expect(await second).toEqual([]);
  });

  test("work at the same time", async () => {
    const [one, other] = [createFakeThread(), createFakeThread()];
    const { read } = await startReader({ threads: [one.thread, other.thread] });
    void read(orderOf("one"));
    void read(orderOf("two"));
    await turn();
    expect([...one.texts, ...other.texts].toSorted()).toEqual(["one", "two"]);
  });

  test("are stopped if an order takes too long, and the next order gets its answer", async () => {
    const { thread, answers, closed } = createFakeThread();
    const { read } = await startReader({ threads: [thread], limitMs: 20 });
    expect(await read(orderOf("slow"))).toBe("timeout");
    expect(closed()).toBe(1);
    await turn();
    const next = read(orderOf("next"));
    await turn();
    answers[1]?.resolve(READ);
    expect(await next).toBe(READ);
  });

  test("that die leave their order unread, and not the next one", async () => {
    const { thread, answers } = createFakeThread();
    const { read } = await startReader({ threads: [thread] });
    const [dying, next] = [read(orderOf("one")), read(orderOf("two"))];
    await turn();
    answers[0]?.reject(new Error("The thread was stopped."));
    expect(await dying).toBe("failed");
    await turn();
    answers[1]?.resolve(READ);
    expect(await next).toBe(READ);
  });

  test("leave orders unread that would make too much text wait", async () => {
    const { thread, answers } = createFakeThread();
    const { read } = await startReader({ threads: [thread], mostCharacters: 20 });
    const first = read(orderOf("123456789012345"));
    await turn();
    expect(await read(orderOf("123456"))).toBe("timeout");
    answers[0]?.resolve(READ);
    expect(await first).toBe(READ);
    const next = read(orderOf("123456"));
    await turn();
    answers[1]?.resolve(READ);
    expect(await next).toBe(READ);
  });
});
