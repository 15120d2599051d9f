import { parentPort } from "node:worker_threads";
import type { Question } from "../digest/digest-worker.ts";

// The worker itself, that ends over one word. It listens first, so that the real one never sees it.
parentPort?.on("message", (question: Question) => {
  if ("order" in question && Buffer.from(question.order.bytes).toString("latin1", 0, 6) === "deadly") process.exit(1);
});
await import("../digest/digest-worker.ts");
