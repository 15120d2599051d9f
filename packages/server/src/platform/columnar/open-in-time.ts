import { setTimeout as delay } from "node:timers/promises";
import { AppError } from "../../kernel/errors.ts";
import type { Columnar } from "./port.ts";

type Options = {
  /** How long a start waits for the store. */
  readonly graceMs?: number;
  /** How long a question waits for a store that opens late. */
  readonly waitMs?: number;
  /** Called if the store cannot be opened after the start continued without it. */
  onFailed(error: unknown): void;
};

const GRACE_MS = 5_000;
const WAIT_MS = 30_000;

/**
 * The store, or after a delay a store that opens later. After a crash the engine checks its parts first, which takes
 * long on a busy machine. Calls are answered meanwhile, since their spans wait in the spool. Queries wait for the
 * store.
 */
export async function openInTime(opening: Promise<Columnar>, options: Options): Promise<Columnar> {
  const { graceMs = GRACE_MS, waitMs = WAIT_MS, onFailed } = options;
  const first = await Promise.race([opening, delay(graceMs, null)]);
  if (first !== null) return first;
  opening.catch(onFailed);
  return openLater(opening, waitMs);
}

function openLater(opening: Promise<Columnar>, waitMs: number): Columnar {
  let opened: Columnar | null = null;
  const answer = async <Result>(ask: (columnar: Columnar) => Promise<Result>): Promise<Result> => {
    const columnar = opened ?? (await Promise.race([opening, delay(waitMs, null, { ref: false })]));
    if (columnar !== null) return ask(columnar);
    throw new AppError("unavailable", {
      message: "The trace store is still opening. Try again in a few seconds; /readyz reports when it is open.",
      retryAfterSeconds: 5,
    });
  };
  const later: Columnar & { engine: string } = {
    engine: "ClickHouse, which is still opening",
    isOpen: () => opened !== null,
    select: (query) => answer((columnar) => columnar.select(query)),
    selectTable: (query) => answer((columnar) => columnar.selectTable(query)),
    selectBytes: (query) => answer((columnar) => columnar.selectBytes(query)),
    explain: (query) => answer((columnar) => columnar.explain(query)),
    insert: (...batch) => answer((columnar) => columnar.insert(...batch)),
    insertLines: (...batch) => answer((columnar) => columnar.insertLines(...batch)),
    command: (...statement) => answer((columnar) => columnar.command(...statement)),
    check: () => answer((columnar) => columnar.check()),
    damagedParts: () => answer((columnar) => columnar.damagedParts()),
    sizeBytes: () => answer((columnar) => columnar.sizeBytes()),
    close: async () => (await opening).close(),
  };
  opening.then(
    (columnar) => {
      opened = columnar;
      later.engine = columnar.engine;
    },
    () => {},
  );
  return later;
}
