import { spawn } from "node:child_process";
import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { afterEach, describe, expect, test } from "vitest";
import { ask, requestOf } from "../../../packages/server/src/platform/inference/testing/ask.ts";
import { openTinyInference } from "../../../packages/server/src/platform/inference/testing/open-tiny-inference.ts";

let open: Awaited<ReturnType<typeof openTinyInference>>;
afterEach(() => open.close());

const never = new AbortController().signal;
const endless = {
  prompt: { text: "x" },
  maxTokens: 2_000,
  temperature: 1,
  topP: 1,
  jsonSchema: { type: "array", items: { type: "integer" }, minItems: 900 },
};

/** Kills the inference process, as the kernel does when memory runs out. */
function kill() {
  const pid = open.inference.childPid();
  if (pid === null) throw new Error("the model process does not run");
  process.kill(pid, "SIGKILL");
}

/** Starts requests and resolves once each has returned its first chunk. The requests continue. */
async function begin(count: number) {
  const started: Promise<void>[] = [];
  const ended = Array.from({ length: count }, async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    started.push(promise);
    for await (const event of open.inference.generate(requestOf(endless), never)) if (event.type === "text") resolve();
  });
  // The test checks each failure itself.
  for (const end of ended) end.catch(() => undefined);
  await Promise.all(started);
  return ended;
}

describe("when the process of the models is killed", () => {
  test("every active caller gets an error, and the next call is answered by a new process", async () => {
    open = await openTinyInference({ parallel: 3 });
    const running = await begin(3);
    const before = open.inference.childPid();
    kill();
    for (const end of running) await expect(end).rejects.toMatchObject({ code: "model_failed" });
    expect(open.inference.state().state).toBe("degraded");
    expect(open.inference.list()).toMatchObject([{ id: "use-lite-en" }, { id: "tiny", state: "ready" }]);
    await expect(ask(open.inference)).resolves.toMatchObject({ done: { completionTokens: 40 } });
    expect(open.inference.childPid()).not.toBe(before);
    await expect.poll(() => open.inference.state().state).toBe("ok");
  });

  test("requests that were waiting for their turn are answered all the same", async () => {
    open = await openTinyInference({ parallel: 1 });
    const [running] = await begin(1);
    const waiting = [1, 2, 3].map(() => ask(open.inference));
    kill();
    await expect(running).rejects.toMatchObject({ code: "model_failed" });
    for (const { done } of await Promise.all(waiting)) expect(done.completionTokens).toBe(40);
  });

  test("again and again, starts are spaced out and callers hear when the next one is due", async () => {
    open = await openTinyInference();
    for (let crash = 0; crash < 2; crash++) {
      const [running] = await begin(1);
      kill();
      await expect(running).rejects.toMatchObject({ code: "model_failed" });
    }
    await expect(ask(open.inference)).rejects.toMatchObject({ code: "model_failed", retryAfterSeconds: 1 });
    expect(open.inference.state()).toMatchObject({ state: "down", message: expect.stringMatching(/2 times in a row/) });
    await expect.poll(() => open.inference.state().state, { timeout: 5_000 }).toBe("degraded");
    await expect(ask(open.inference)).resolves.toMatchObject({ done: { completionTokens: 40 } });
  });

  test("a crash while loading a model blocks that model until a person acts, and the others continue", async () => {
    open = await openTinyInference();
    const answering = ask(open.inference);
    answering.catch(() => undefined);
    await expect.poll(() => open.inference.list().find(({ id }) => id === "tiny")?.state).toBe("loading");
    kill();
    await expect(answering).rejects.toMatchObject({ code: "model_failed" });
    await expect(ask(open.inference)).rejects.toMatchObject({
      code: "model_failed",
      message: expect.stringMatching(/while it loaded/),
    });
    await expect(open.inference.embed({ modelId: "use-lite-en", texts: ["a"] }, never)).resolves.toMatchObject({
      vectors: [{ length: 512 }],
    });
    await open.inference.load("tiny");
    await expect(ask(open.inference)).resolves.toMatchObject({ done: { completionTokens: 40 } });
  });
});

describe("when there is more work than the engine holds", () => {
  test("callers past the queue are rejected immediately with a time to retry, and callers in it are answered", async () => {
    open = await openTinyInference({ parallel: 1 });
    const all = await Promise.allSettled(Array.from({ length: 300 }, () => ask(open.inference, { maxTokens: 3 })));
    const refused = all.filter((one) => one.status === "rejected").map((one) => one.reason);
    expect(all.length - refused.length).toBe(257);
    for (const reason of refused)
      expect(reason).toMatchObject({ code: "overloaded", retryAfterSeconds: expect.any(Number) });
  });
});

describe("when a model file is damaged after it was pulled", () => {
  test("it is refused before the engine sees it, and the process stays up", async () => {
    open = await openTinyInference();
    await open.inference.embed({ modelId: "use-lite-en", texts: ["a"] }, never);
    const pid = open.inference.childPid();
    await writeFile(open.path, "GGUF but not really");
    await expect(ask(open.inference)).rejects.toMatchObject({ code: "unprocessable" });
    expect(open.inference.list()).toContainEqual(expect.objectContaining({ id: "tiny", state: "failed" }));
    expect(open.inference.childPid()).toBe(pid);
  });
});

test("when the server's process is killed, the process of the models ends by itself", async () => {
  open = await openTinyInference();
  const server = spawn(process.execPath, ["--input-type=module", "-e", SERVER], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { TMPDIR: open.folder },
  });
  const [said] = await once(server.stdout.setEncoding("utf8"), "data");
  const pid = Number(said);
  expect(isAlive(pid)).toBe(true);
  server.kill("SIGKILL");
  await expect.poll(() => isAlive(pid), { timeout: 10_000 }).toBe(false);
});

/** A process in place of the server: starts a long generation on the tiny model, and prints the pid of the inference process. */
const SERVER = `
  import { openTinyInference } from ${JSON.stringify(new URL("../../../packages/server/src/platform/inference/testing/open-tiny-inference.ts", import.meta.url).href)};
  import { requestOf } from ${JSON.stringify(new URL("../../../packages/server/src/platform/inference/testing/ask.ts", import.meta.url).href)};
  const { inference } = await openTinyInference();
  let told = false;
  for await (const event of inference.generate(requestOf(${JSON.stringify(endless)}), new AbortController().signal)) {
    if (!told) console.log(inference.childPid());
    told = true;
  }
`;

function isAlive(pid: number) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
