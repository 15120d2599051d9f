import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { systemClock } from "../../packages/server/src/kernel/clock.ts";
import { digest } from "../../packages/server/src/modules/observe/traces/otlp/digest/digest.ts";
import { createDigestThreads } from "../../packages/server/src/modules/observe/traces/otlp/digest/digest-threads.ts";
import { openColumnar } from "../../packages/server/src/platform/columnar/open.ts";
import { openSpool } from "../../packages/server/src/platform/spool/open.ts";
import { openEngineInsert } from "./engine-insert.ts";
import { freshenIds, makeRequest, placesOfIds } from "./otlp-spans.ts";

const BATCH_ROWS = 10_000;
const SPANS_A_REQUEST = 500;
const SENDERS = 4;
const PROJECT = "proj_bench";

/** Requests through the decoder and the spool to rows that can be asked for, against the same rows inserted by the engine's own means and by ours. */
export async function measureIngest({ spans, rounds }: { spans: number; rounds: number }) {
  const folder = await mkdtemp(join(tmpdir(), "treadle-bench-otlp-"));
  const log = { debug() {}, info() {}, warn: console.error, error: console.error };
  const columnar = await openColumnar({ folder: join(folder, "columnar") });
  const engine = openEngineInsert(join(folder, "columnar"));
  const spool = await openSpool({
    folder: join(folder, "spool"),
    capBytes: 8e9,
    deliver: (table, lines, token) => columnar.insertLines(table, lines, { token }),
    log,
    clock: systemClock,
  });
  const threads = createDigestThreads({ log });
  const body = makeRequest(SPANS_A_REQUEST);
  const ids = placesOfIds(body);
  const orderOf = () => {
    freshenIds(body, ids);
    return {
      signal: "traces",
      isProtobuf: true,
      projectId: PROJECT,
      now: Date.now(),
      isWatched: false,
      prices: [],
      privacy: null,
      bytes: new Uint8Array(body),
    } as const;
  };
  const requests = Math.ceil(spans / SPANS_A_REQUEST);
  const rows = digest(orderOf()).encoded.flatMap(({ lines }) =>
    Buffer.from(lines)
      .toString()
      .split("\n")
      .map((line) => JSON.parse(line)),
  );
  const batch = Array.from({ length: BATCH_ROWS }, (_, index) => rows[index % rows.length]);

  async function insertDirectly(into: Pick<typeof engine, "insert">) {
    for (let done = 0; done < spans; done += BATCH_ROWS) await into.insert("spans", batch);
  }
  async function through(work: () => Promise<void>) {
    let next = 0;
    const send = async () => {
      while (next++ < requests) await work();
    };
    await Promise.all(Array.from({ length: SENDERS }, send));
    await spool.flush();
  }
  const ways = {
    engine: () => insertDirectly(engine),
    adapter: () => insertDirectly(columnar),
    "one thread": () => through(async () => spool.appendLines(digest(orderOf()).encoded)),
    worker: () => through(async () => spool.appendLines((await threads.digest(orderOf())).encoded)),
  };
  try {
    const rates = new Map<string, number[]>(Object.keys(ways).map((name) => [name, []]));
    for (let round = -1; round < rounds; round++) {
      for (const [name, work] of Object.entries(ways)) {
        const startedAt = performance.now();
        await work();
        const rate = (requests * SPANS_A_REQUEST * 1_000) / (performance.now() - startedAt);
        if (round >= 0) rates.get(name)?.push(rate);
        await columnar.command("TRUNCATE TABLE spans");
      }
    }
    return { rates, rowBytes: JSON.stringify(rows[0]).length, spanBytes: body.length / SPANS_A_REQUEST };
  } finally {
    await threads.close();
    await spool.close();
    await engine.close();
    await columnar.close();
    await rm(folder, { recursive: true, force: true });
  }
}
