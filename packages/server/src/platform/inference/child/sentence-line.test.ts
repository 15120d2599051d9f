import { afterEach, expect, test } from "vitest";
import { createSentenceLine } from "./sentence-line.ts";

// A thread that answers, dies or never ends, as its text says.
const script = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort } from "node:worker_threads";
    parentPort.on("message", ({ texts }) => {
      if (texts[0] === "spin") while (true);
      if (texts[0] === "exit") process.exit(0);
      if (texts[0] === "throw") throw new Error("broken");
      parentPort.postMessage({ vectors: [[1]], counts: [1] });
    });
    parentPort.postMessage("ready");
  `)}`,
);
const never = new AbortController().signal;
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const line of open.splice(0)) await line.close();
});
function openLine(deadlineMs: number) {
  const line = createSentenceLine({ script, deadlineMs, graceMs: 20 });
  open.push(line);
  return (text: string, signal = never) => line.ask({ texts: [text], isCount: false }, signal);
}

test("a request that takes too long is ended, and those behind it are answered", async () => {
  const ask = openLine(300);
  const stuck = ask("spin");
  const behind = ask("fine");
  await expect(stuck).rejects.toMatchObject({
    code: "model_failed",
    message: expect.stringMatching(/longer than 0.3 s/),
  });
  await expect(behind).resolves.toEqual({ vectors: [[1]], counts: [1] });
});

test("a request whose caller left stops computing, and those behind it are answered", async () => {
  const ask = openLine(60_000);
  await ask("fine");
  const caller = new AbortController();
  const stuck = ask("spin", caller.signal);
  const behind = ask("fine");
  setTimeout(() => caller.abort(), 100);
  await expect(stuck).rejects.toMatchObject({ code: "cancelled" });
  await expect(behind).resolves.toMatchObject({ counts: [1] });
});

test("a thread that ends, with an error or without, fails what waits on it and nothing else", async () => {
  const ask = openLine(60_000);
  for (const end of ["exit", "throw"]) {
    await expect(ask(end)).rejects.toMatchObject({ code: "model_failed" });
    await expect(ask("fine")).resolves.toMatchObject({ counts: [1] });
  }
});

test("a request that was aborted before its turn, or while the thread starts, is not begun", async () => {
  const caller = new AbortController();
  const early = openLine(60_000)("spin", caller.signal);
  queueMicrotask(() => queueMicrotask(() => caller.abort()));
  await expect(early).rejects.toMatchObject({ code: "cancelled" });
  await expect(openLine(60_000)("spin", AbortSignal.abort())).rejects.toMatchObject({ code: "cancelled" });
});
