// How long a short call waits while texts of 100 KB are checked: where they are judged, and in other threads. A timer
// that is due every millisecond stands for the short calls; its delay is the time for which they wait. Prints the figures.
// Usage: node bench/guards/long-texts.ts [--texts 40]
import { parseArgs } from "node:util";
import { createMasks, judgeText, TRUSTS } from "../../packages/guards/src/index.ts";
import { guardRegistry } from "../../packages/server/src/areas/guard-detectors.ts";
import {
  createAheadOf,
  createTextReader,
  type ReaderOrders,
  toPolicy,
} from "../../packages/server/src/modules/build/guards/index.ts";
import { createThread } from "../../packages/server/src/platform/threads/port.ts";

const { values } = parseArgs({ options: { texts: { type: "string", default: "40" } } });
const LENGTH = 100_000;
const PARTS = [
  "Please summarize the attached report for the meeting on 2026-11-12 at 14:30 and name the open questions. ",
  'The response was {"status": "ok", "items": [{"id": 48213, "price": 19.99}], "next_cursor": null}. ',
  "Our customer writes that the order 4711-22 has not arrived; the tracking page shows nothing since Monday. ",
  "Write to ann@example.org or call +49 30 901820 about the invoice. ",
];
const textOf = (place: number) => `${place} ${PARTS.join("").repeat(400)}`.slice(0, LENGTH);
const texts = Array.from({ length: Number(values.texts) }, (_, place) => textOf(place));

const rules = ["secrets", "personal-data", "injection", "urls"].map((detector) => ({
  detector,
  options: detector === "urls" ? { allowedHosts: ["example.org"] } : {},
  scopes: [...TRUSTS],
  action: "flag",
  failure: {},
}));
const policy = toPolicy(rules as unknown as Parameters<typeof toPolicy>[0], guardRegistry);
const now = () => performance.now();
const script = new URL("../../packages/server/src/areas/guard-text-worker.ts", import.meta.url);
const reader = createTextReader({ threads: [createThread<ReaderOrders>({ script, name: "guard-texts" })] });

async function judge(text: string, isAhead: boolean): Promise<void> {
  const ahead = isAhead ? createAheadOf({ ...guardRegistry, readElsewhere: reader.read }, { policy, now }) : undefined;
  await ahead?.read((visitor) => visitor.text(text, { trust: "user", path: "text" }));
  judgeText(text, { ...guardRegistry, late: undefined, policy, trust: "user", masks: createMasks(), now, ahead });
  await new Promise((resolve) => setImmediate(resolve));
}

/** The delays of the timer while all texts are judged, the shortest first. */
async function delaysOf(isAhead: boolean): Promise<{ readonly delays: readonly number[]; readonly perText: number }> {
  const delays: number[] = [];
  let due = now() + 1;
  const timer = setInterval(() => {
    const at = now();
    delays.push(Math.max(0, at - due));
    due = at + 1;
  }, 1);
  const from = now();
  for (const text of texts) await judge(text, isAhead);
  const perText = (now() - from) / texts.length;
  clearInterval(timer);
  return { delays: delays.toSorted((one, other) => one - other), perText };
}

const at = (sorted: readonly number[], share: number) => sorted[Math.floor(sorted.length * share)] ?? 0;

while ((await reader.read({ rules: "[]", texts: [], facts: { systemPrompt: "", sources: [], keyId: null } })) === null)
  await new Promise((resolve) => setTimeout(resolve, 50));
// The thread has started, and both sides get compiled.
for (const isAhead of [true, false]) for (const text of texts.slice(0, 5)) await judge(text, isAhead);
const startedAt = now();
for (const [name, isAhead] of [
  ["in place", false],
  ["in another thread", true],
] as const) {
  const { delays, perText } = await delaysOf(isAhead);
  const figures = [0.5, 0.99, 1].map((share) => at(delays, Math.min(share, 1 - 1 / delays.length)).toFixed(1));
  console.log(
    `${name}: a short call waits ${figures[0]} ms at the median, ${figures[1]} ms at p99, ${figures[2]} ms at most; a text of 100 KB takes ${perText.toFixed(1)} ms`,
  );
}
console.log(`${texts.length} texts, ${((now() - startedAt) / 1_000).toFixed(1)} s`);
await reader.close();
