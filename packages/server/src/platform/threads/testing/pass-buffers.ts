// Has a hundred and fifty megabytes of buffers pass through this process, and prints how often the young generation was collected meanwhile, and the whole heap for the buffers' sake.
// Usage: node pass-buffers.ts [young]

import { constants, PerformanceObserver } from "node:perf_hooks";
import { setTimeout } from "node:timers/promises";
import { z } from "zod";
import { collectYoungBuffers } from "../young-buffers.ts";

const MEBIBYTE = 1_048_576;
const Entry = z.object({ detail: z.object({ kind: z.number(), flags: z.number() }) });
const collections: z.infer<typeof Entry>["detail"][] = [];

if (process.argv[2] === "young") collectYoungBuffers();
await setTimeout(500);
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) collections.push(Entry.parse(entry).detail);
}).observe({ entryTypes: ["gc"] });
for (let round = 0; round < 20; round++) {
  for (let each = 0; each < 8; each++) Buffer.alloc(MEBIBYTE, each);
  await setTimeout(50);
}
await setTimeout(200);
const { NODE_PERFORMANCE_GC_MINOR, NODE_PERFORMANCE_GC_MAJOR, NODE_PERFORMANCE_GC_FLAGS_ALL_EXTERNAL_MEMORY } =
  constants;
console.log(
  JSON.stringify({
    young: collections.filter(({ kind }) => kind === NODE_PERFORMANCE_GC_MINOR).length,
    whole: collections.filter(
      ({ kind, flags }) =>
        kind === NODE_PERFORMANCE_GC_MAJOR && (flags & NODE_PERFORMANCE_GC_FLAGS_ALL_EXTERNAL_MEMORY) !== 0,
    ).length,
  }),
);
