import { AppError } from "../../kernel/errors.ts";
import { findWall } from "../sandbox/find-wall.ts";
import { DOCUMENT_LIMITS } from "./limits.ts";
import { type ParserProcess, startParserProcess } from "./parser/parser-process.ts";
import type { DocumentFile, DocumentLimits, Documents, ParsedDocument } from "./port.ts";

type Options = {
  readonly limits?: Partial<DocumentLimits>;
  /** How many documents are read at the same time. More wait. */
  readonly processes?: number;
  /** How long a process without documents remains. */
  readonly idleMs?: number;
  readonly script?: URL;
};
type Slot = { process: ParserProcess | null; idleTimer?: NodeJS.Timeout };

const SCRIPT = new URL("./parser/parser-child.ts", import.meta.url);
const IDLE_MS = 60_000;

/** Processes start with the first document, and again after one had to be killed. */
export function openDocuments({ limits, processes = 2, idleMs = IDLE_MS, script = SCRIPT }: Options = {}): Documents {
  const all: DocumentLimits = { ...DOCUMENT_LIMITS, ...limits };
  const slots = createSlots(processes, idleMs);
  let wall: Promise<readonly string[]> | undefined;
  let isClosed = false;

  async function run(slot: Slot, file: DocumentFile): Promise<ParsedDocument> {
    clearTimeout(slot.idleTimer);
    wall ??= findWall();
    const ready = await wall;
    if (isClosed) throw closed();
    if (!slot.process?.isAlive()) slot.process = startParserProcess({ script, wall: ready, memoryMb: all.memoryMb });
    return slot.process.run(file, all);
  }
  return {
    async parse(file) {
      const { bytes, name } = file;
      if (bytes.byteLength > all.fileBytes) throw tooLarge(name, all.fileBytes);
      const slot = await slots.take();
      try {
        return await run(slot, file);
      } catch (error) {
        throw isClosed ? closed() : error;
      } finally {
        slots.giveBack(slot);
      }
    },
    async close() {
      isClosed = true;
      slots.stopAll();
    },
  };
}

/** Places for processes, one document each at a time. Documents wait for a place in order. */
function createSlots(processes: number, idleMs: number) {
  const slots: readonly Slot[] = Array.from({ length: processes }, () => ({ process: null }));
  const free = [...slots];
  const waiting: ((slot: Slot) => void)[] = [];
  return {
    async take(): Promise<Slot> {
      // The slot that was used last has a running process.
      return free.pop() ?? new Promise((resolve) => waiting.push(resolve));
    },
    giveBack(slot: Slot): void {
      const next = waiting.shift();
      if (next) next(slot);
      else {
        free.push(slot);
        slot.idleTimer = setTimeout(() => stop(slot), idleMs).unref();
      }
    },
    stopAll(): void {
      for (const slot of slots) stop(slot);
    },
  };
}

function stop(slot: Slot): void {
  clearTimeout(slot.idleTimer);
  slot.process?.kill();
  slot.process = null;
}

const tooLarge = (name: string, bytes: number) =>
  new AppError("payload_too_large", {
    message: `"${name}" is larger than ${Math.round(bytes / 1024 / 1024)} MB. Split the document.`,
  });
const closed = () => new AppError("cancelled", { message: "The server stops. Send the document again later." });
