import { fork } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import type { Columnar } from "../../../packages/server/src/platform/columnar/port.ts";

/** The ids that clients sent, and the ids that were acknowledged. */
export type Ledger = { readonly sent: Set<string>; readonly acknowledged: Set<string> };

export const newLedger = (): Ledger => ({ sent: new Set(), acknowledged: new Set() });

const Message = z.object({
  sent: z.array(z.string()).optional(),
  acknowledged: z.array(z.string()).optional(),
  ready: z.boolean().optional(),
});

/**
 * Starts a child that writes into `folder` and kills it without warning: `afterMs` after it is ready, or after its
 * start when `isEarly`.
 */
export async function writeUntilKilled({
  folder,
  run,
  ledger,
  afterMs,
  isEarly,
}: {
  folder: string;
  run: string;
  ledger: Ledger;
  afterMs: number;
  isEarly: boolean;
}) {
  const child = fork(new URL("./spool-child.ts", import.meta.url), [folder, run], {
    execArgv: [],
    stdio: ["ignore", "ignore", "pipe", "ipc"],
  });
  const killSoon = () => setTimeout(() => child.kill("SIGKILL"), afterMs);
  let complaint = "";
  child.stderr?.on("data", (chunk) => (complaint += chunk));
  child.on("message", (raw) => {
    const { sent = [], acknowledged = [], ready } = Message.parse(raw);
    for (const id of sent) ledger.sent.add(id);
    for (const id of acknowledged) ledger.acknowledged.add(id);
    if (ready && !isEarly) killSoon();
  });
  if (isEarly) killSoon();
  // `close` instead of `exit`, because then everything in the pipe has been read.
  const signal = await new Promise((resolve) => child.on("close", (_, by) => resolve(by)));
  if (signal !== "SIGKILL") throw new Error(`the child ended by itself: ${complaint}`);
}

/** The number of copies of each id. Throws when a payload does not belong to its id. */
export async function countStored(columnar: Columnar): Promise<Map<string, number>> {
  const rows = await columnar.select({
    sql: "SELECT span_id AS id, count() AS copies, min(input) AS first_input, max(input) AS last_input FROM spans GROUP BY span_id",
    params: {},
    row: z.object({ id: z.string(), copies: z.coerce.number(), first_input: z.string(), last_input: z.string() }),
  });
  for (const { id, first_input, last_input } of rows) {
    if (first_input !== last_input || first_input !== JSON.stringify(`in ${id}`))
      throw new Error(`the row ${id} holds ${first_input}`);
  }
  return new Map(rows.map(({ id, copies }) => [id, copies]));
}

/** The faults of the store. All lists are empty when every acknowledged row is stored once, and no other row that was not sent. */
export function findFaults(ledger: Ledger, stored: ReadonlyMap<string, number>) {
  return {
    lost: [...ledger.acknowledged].filter((id) => !stored.has(id)),
    doubled: [...stored].filter(([, copies]) => copies > 1).map(([id]) => id),
    invented: [...stored.keys()].filter((id) => !ledger.sent.has(id)),
  };
}

export async function withFolder(work: (folder: string) => Promise<void>) {
  const folder = await mkdtemp(join(tmpdir(), "treadle-faults-"));
  try {
    await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
