// Begins to collect young in several threads at the same time, many times over, and prints how many could not.
import { isMainThread, Worker, workerData } from "node:worker_threads";
import { collectYoungBuffers } from "../young-buffers.ts";

const THREADS = 4;
const TIMES = 200;

if (isMainThread) {
  const gate = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const ended = Array.from({ length: THREADS }, () => {
    const worker = new Worker(new URL(import.meta.url), { workerData: gate });
    return new Promise<boolean>((resolve) => {
      worker.on("error", () => resolve(false));
      worker.on("exit", () => resolve(true));
    });
  });
  const went = await Promise.all(ended);
  console.log(went.filter((isWell) => !isWell).length);
} else {
  const gate: Int32Array = workerData;
  Atomics.add(gate, 0, 1);
  Atomics.notify(gate, 0);
  for (let arrived = 0; arrived < THREADS; arrived = Atomics.load(gate, 0)) Atomics.wait(gate, 0, arrived, 10);
  for (let time = 0; time < TIMES; time++) collectYoungBuffers()();
}
