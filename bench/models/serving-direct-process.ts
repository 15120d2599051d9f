import { fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

export type DirectSetup = {
  readonly path: string;
  readonly contextTokens: number;
  readonly sequences: number;
  readonly threads: number;
};
export type DirectOrder = { readonly prompts: readonly string[]; readonly maxTokens: number };
export type DirectResult = { readonly text: string; readonly promptTokens: number; readonly tokens: number };
type Timed = { readonly seconds: number; readonly results: readonly DirectResult[] };

/** Starts the process that calls the library directly. */
export async function startDirect(setup: DirectSetup) {
  const child = fork(fileURLToPath(new URL("./serving-direct.ts", import.meta.url)), [JSON.stringify(setup)]);
  await once(child, "message");
  return {
    async ask(order: DirectOrder): Promise<Timed> {
      child.send(order);
      const [timed] = (await once(child, "message")) as [Timed];
      return timed;
    },
    async close() {
      const exited = once(child, "exit");
      child.disconnect();
      await exited;
    },
  };
}
export type Direct = Awaited<ReturnType<typeof startDirect>>;
