import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { AppError } from "../../../kernel/errors.ts";
import type { DocumentFile, DocumentLimits, ParsedDocument } from "../port.ts";
import type { ParseOrder, ParseReply } from "./answer-documents.ts";

const MB = 1024 * 1024;
const PAGE_BYTES = 4_096;
/** For the process to start on a busy machine. */
const START_MS = 30_000;
const WATCH_MS = 50;
/** Memory outside of the heap: code, compiled libraries, and buffers that were just freed. */
const OUTSIDE_MB = 128;
/** The folder with the folders of the program and of its libraries. */
const ROOT = fileURLToPath(new URL("../../../../../../", import.meta.url));

type Outcome = ParseReply | "late" | "heavy" | "ended";
export type ParserProcess = ReturnType<typeof startParserProcess>;
type Options = { readonly script: URL; readonly wall: readonly string[]; readonly memoryMb: number };

/**
 * A process that reads one document at a time. It is killed if a document takes too long or too much memory. A thread
 * would not do: V8 ends the whole process if a thread asks for much more than its limit in one step.
 */
export function startParserProcess({ script, wall, memoryMb }: Options) {
  const child = spawnParser({ script, wall, memoryMb });
  const parser: Parser = { child, memoryMb, isAlive: true, lastId: 0, hear: () => undefined };
  // The process is under the control of this program, except for the content of what it read.
  child.on("message", (reply: ParseReply) => parser.hear(reply));
  child.on("error", () => die(parser));
  child.on("exit", () => die(parser));
  const ready = nextOutcome(parser, START_MS);
  return {
    isAlive: (): boolean => parser.isAlive,
    kill: (): void => kill(parser),
    /** Throws like `Documents.parse`. */
    async run(file: DocumentFile, limits: DocumentLimits): Promise<ParsedDocument> {
      const start = await ready;
      if (start === "late" || start === "ended") kill(parser);
      if (!parser.isAlive) throw failedStart();
      return parse(parser, file, limits);
    },
  };
}

type Parser = {
  readonly child: ChildProcess;
  readonly memoryMb: number;
  isAlive: boolean;
  /** Of the last order. */
  lastId: number;
  hear: (outcome: Outcome) => void;
};

function die(parser: Parser): void {
  parser.isAlive = false;
  parser.hear("ended");
}

function kill(parser: Parser): void {
  parser.child.kill("SIGKILL");
  parser.isAlive = false;
}

/** The next reply. The first outcome counts. */
function nextOutcome(parser: Parser, ms: number): Promise<Outcome> {
  const { child, memoryMb } = parser;
  return new Promise((resolve) => {
    const base = residentBytes(child);
    const timer = setTimeout(() => finish("late"), ms);
    const watch = setInterval(() => {
      if (residentBytes(child) - base > (memoryMb + OUTSIDE_MB) * MB) finish("heavy");
    }, WATCH_MS);
    const finish = (outcome: Outcome) => {
      clearTimeout(timer);
      clearInterval(watch);
      parser.hear = () => undefined;
      resolve(outcome);
    };
    parser.hear = finish;
    if (!parser.isAlive) finish("ended");
  });
}

async function parse(parser: Parser, file: DocumentFile, limits: DocumentLimits): Promise<ParsedDocument> {
  const { child, memoryMb } = parser;
  const timeMs = Math.round(limits.timeMs + (limits.timeMsPerMb * file.bytes.byteLength) / MB);
  parser.lastId += 1;
  const outcome = nextOutcome(parser, timeMs);
  child.send({ id: parser.lastId, file, limits } satisfies ParseOrder, (error) => error && die(parser));
  const reply = await outcome;
  if (reply === "late" || reply === "heavy") kill(parser);
  if (reply === "late") throw tooSlow(file, timeMs);
  if (reply === "heavy" || (reply === "ended" && wasHeap(child))) throw tooHeavy(file, memoryMb);
  if (reply === "ended") throw died(file);
  // Another document starts with all of its memory.
  if (residentBytes(child) > memoryMb * MB) kill(parser);
  if (reply.kind === "failed") throw new AppError(reply.code, { message: reply.message });
  if (reply.kind === "parsed") return reply.document;
  throw died(file);
}

function spawnParser({ script, wall, memoryMb }: Options): ChildProcess {
  const flags = [
    "--permission",
    ...["packages", "node_modules"].map((folder) => `--allow-fs-read=${ROOT}${folder}/`),
    "--no-warnings",
    `--max-old-space-size=${memoryMb}`,
  ];
  const [command = process.execPath, ...rest] = [...wall, process.execPath, ...flags, fileURLToPath(script)];
  const child = spawn(command, rest, {
    env: {},
    stdio: ["ignore", "ignore", "ignore", "ipc"],
    serialization: "advanced",
  });
  child.unref();
  child.channel?.unref();
  return child;
}

/** V8 aborts if its heap is full. */
const wasHeap = ({ signalCode, exitCode }: ChildProcess) =>
  signalCode === "SIGABRT" || signalCode === "SIGTRAP" || exitCode === 134 || exitCode === 133;

/** 0 if the system does not report it. Buffers are outside of V8's heap, so their memory is visible only here. */
function residentBytes({ pid }: ChildProcess): number {
  if (process.platform !== "linux" || pid === undefined) return 0;
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "utf8").split(" ")[1]) * PAGE_BYTES;
  } catch {
    return 0;
  }
}

const tooSlow = ({ name }: DocumentFile, timeMs: number) =>
  new AppError("unprocessable", {
    message: `"${name}" was not read within its time limit of ${Math.ceil(timeMs / 1_000)} s. Split the document.`,
    details: { limit: "time", timeMs },
  });
const tooHeavy = ({ name }: DocumentFile, memoryMb: number) =>
  new AppError("unprocessable", {
    message: `"${name}" needs more than the memory limit of ${memoryMb} MB. Split the document.`,
    details: { limit: "memory", memoryMb },
  });
const died = ({ name }: DocumentFile) =>
  new AppError("unprocessable", { message: `The parser ended while it read "${name}". The file may be damaged.` });
const failedStart = () =>
  new AppError("unavailable", { message: "The parser process did not start. Try again shortly." });
