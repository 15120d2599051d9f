import { createHash } from "node:crypto";
import { createChunkBuilder } from "../../build-chunks.ts";
import { packLines } from "../../chunk-files.ts";
import { FILE_LIMITS } from "../../files/limits.ts";
import { readJsonl } from "../../files/read-jsonl.ts";
import { createRowEncoder } from "../../item-hash.ts";
import { createDraftReader } from "../read-drafts.ts";
import { openTransfer } from "./open-transfer.ts";

const WORDS =
  "the card has not arrived yet and I would like to know when it comes because my account shows a payment that failed twice this week while the app says it is pending please help me find out what went wrong".split(
    " ",
  );
let seed = 1;
const next = (b: number) => {
  seed = (Math.imul(seed, 1664525) + 1013904223) >>> 0;
  return seed % b;
};
const say = (n: number) => Array.from({ length: n }, () => WORDS[next(WORDS.length)]).join(" ");
const lines = Array.from({ length: 200000 }, (_, i) =>
  JSON.stringify({
    messages: [
      { role: "system", content: "You answer questions of customers of a bank." },
      { role: "user", content: `${say(25 + next(20))}? (${i})` },
      { role: "assistant", content: say(20 + next(25)) },
    ],
    metadata: { topic: WORDS[next(WORDS.length)], score: next(100) / 100 },
  }),
);
const buf = Buffer.from(lines.join("\n") + "\n");
async function* src() {
  for (let at = 0; at < buf.length; at += 65536) yield buf.subarray(at, at + 65536);
}
const time = async (name: string, f: () => unknown) => {
  const c0 = process.threadCpuUsage();
  const s = performance.now();
  const r = await f();
  const c = process.threadCpuUsage(c0);
  console.log(
    name.padEnd(12),
    "cpu",
    ((c.user + c.system) / 200000).toFixed(2),
    "wall",
    ((performance.now() - s) / 200).toFixed(2),
  );
  return r;
};
for (let r = 0; r < (process.env.ONLY ? 0 : 2); r++) {
  await time("baseline", () => {
    for (const l of lines) {
      JSON.parse(l);
      createHash("sha256").update(l).digest("hex");
    }
  });
  await time("jsonl", async () => {
    for await (const b of readJsonl(src(), FILE_LIMITS)) b.length;
  });
  const toDraft = createDraftReader("a", { shape: "openai-chat", mapping: [], ids: "file" } as never);
  await time("+draft", async () => {
    for await (const b of readJsonl(src(), FILE_LIMITS)) for (const x of b) toDraft(x);
  });
  await time("+encode", async () => {
    const e = createRowEncoder();
    for await (const b of readJsonl(src(), FILE_LIMITS))
      for (const x of b) {
        const d = toDraft(x);
        if (d.draft) e.encode(d.draft);
      }
  });
  await time("+chunk", async () => {
    const e = createRowEncoder();
    const c = createChunkBuilder();
    for await (const b of readJsonl(src(), FILE_LIMITS))
      for (const x of b) {
        const d = toDraft(x);
        if (d.draft) {
          const row = e.encode(d.draft);
          if (row) c.add(row);
        }
      }
  });
  await time("+pack", async () => {
    const e = createRowEncoder();
    const c = createChunkBuilder();
    for await (const b of readJsonl(src(), FILE_LIMITS))
      for (const x of b) {
        const d = toDraft(x);
        if (d.draft) {
          const row = e.encode(d.draft);
          if (row) {
            const k = c.add(row);
            if (k) await packLines(Buffer.from(k.lines));
          }
        }
      }
  });
}
const w = await openTransfer();
for (let r = 0; r < 2; r++) {
  const d = await w.makeDataset();
  const { fileId } = await w.transfer.files.create(w.scope, { name: "a.jsonl" });
  let p = 0;
  for (let at = 0; at < buf.length; at += 8 << 20)
    await w.transfer.files.putPart(w.scope, { fileId, part: p++ }, buf.subarray(at, at + (8 << 20)));
  await w.transfer.files.complete(w.scope, fileId, { parts: p });
  await time("import", async () => {
    const i = await w.importFile(d, fileId);
    if (i.failure) console.log(i.failure);
  });
}
await w.close();
process.exit(0);
