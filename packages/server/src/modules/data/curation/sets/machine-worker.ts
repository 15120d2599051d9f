import { parentPort, workerData } from "node:worker_threads";
import { messageOf } from "../../../../kernel/message-of.ts";
import { stepBack } from "../../../../platform/threads/port.ts";
import { MACHINES } from "./machines.ts";

export type Call = { readonly id: number; readonly method: string; readonly given: readonly unknown[] };
export type Reply = { readonly id: number; readonly result?: unknown; readonly error?: string };

stepBack();
const make: (params: never) => object = MACHINES[workerData.name as keyof typeof MACHINES];
const machine = make(workerData.params as never);

parentPort?.on("message", ({ id, method, given }: Call) => parentPort?.postMessage(answer(id, method, given)));

function answer(id: number, method: string, given: readonly unknown[]): Reply {
  try {
    const run: unknown = Reflect.get(machine, method);
    return { id, result: typeof run === "function" ? run(...given) : undefined };
  } catch (error) {
    return { id, error: messageOf(error) };
  }
}
