import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { AppError } from "../../kernel/errors.ts";
import type { Log } from "../../kernel/log.ts";
import type { GenerateEvent } from "./port.ts";
import type { CallName, Calls, FromChild, ToChild } from "./protocol.ts";
import { watchPulse } from "./watch-pulse.ts";

const MAIN = fileURLToPath(new URL("./child/main.ts", import.meta.url));
const KEPT_STDERR = 2_000;
const STOP_MS = 2_000;

type Pending = {
  readonly resolve: (answer: Calls[CallName]["answer"]) => void;
  readonly reject: (error: Error) => void;
  readonly onEvent: (event: GenerateEvent) => void;
};
type Running = {
  readonly child: ChildProcess;
  readonly ready: Promise<void>;
  readonly stopPulse: () => void;
  stderr: string;
  isStopping: boolean;
};
type State = {
  readonly log: Log;
  readonly pending: Map<number, Pending>;
  readonly onCrash: () => void;
  running: Running | null;
  lastCall: number;
  /** Crashes since the last answer that came. */
  crashes: number;
  mayStartAt: number;
  isClosed: boolean;
};
type CallOptions = { readonly signal?: AbortSignal; readonly onEvent?: (event: GenerateEvent) => void };

/**
 * The process that runs models: started at the first call, stopped when nothing is loaded, restarted after a crash. Its
 * environment is empty, so that a malicious model file finds no secret in it.
 */
export function createChildProcess({ log, onCrash }: { log: Log; onCrash: () => void }) {
  const state: State = {
    log,
    onCrash,
    pending: new Map(),
    running: null,
    lastCall: 0,
    crashes: 0,
    mayStartAt: 0,
    isClosed: false,
  };
  return {
    call: <Name extends CallName>(name: Name, order: Calls[Name]["order"], options: CallOptions = {}) =>
      call(state, { name, order }, options),
    pid: () => state.running?.child.pid ?? null,
    isStarted: () => state.running !== null,
    crashes: () => state.crashes,
    secondsToStart: () => Math.max(0, Math.ceil((state.mayStartAt - performance.now()) / 1_000)),
    /** Ends the process if no call is running; the next call starts another. */
    stopIfIdle: () => (state.pending.size === 0 ? stop(state) : Promise.resolve()),
    async close() {
      state.isClosed = true;
      rejectAll(state, () => new AppError("unavailable", { message: "The server is stopping." }));
      await stop(state);
    },
  };
}
export type InferenceChild = ReturnType<typeof createChildProcess>;

/** The answer's type follows from the call's name; the protocol pairs them. */
async function call<Name extends CallName>(
  state: State,
  { name, order }: { name: Name; order: Calls[Name]["order"] },
  options: CallOptions,
) {
  const { signal, onEvent = () => undefined } = options;
  if (signal?.aborted) throw new AppError("cancelled");
  const running = start(state);
  const id = ++state.lastCall;
  return new Promise<Calls[Name]["answer"]>((resolve, reject) => {
    const cancel = () => {
      send(running, { type: "cancel", call: id });
      reject(new AppError("cancelled"));
    };
    const settle = () => {
      state.pending.delete(id);
      signal?.removeEventListener("abort", cancel);
    };
    state.pending.set(id, {
      resolve: (answer) => {
        settle();
        state.crashes = name === "load" ? state.crashes : 0;
        resolve(answer as Calls[Name]["answer"]);
      },
      reject: (error) => {
        settle();
        reject(error);
      },
      onEvent,
    });
    signal?.addEventListener("abort", cancel, { once: true });
    running.ready.then(() => send(running, { type: name, call: id, order } as ToChild), reject);
  });
}

function send({ child }: Running, message: ToChild) {
  if (child.connected) child.send(message);
}

function start(state: State): Running {
  if (state.isClosed) throw new AppError("unavailable", { message: "The server is stopping." });
  if (state.running && !state.running.isStopping) return state.running;
  const waitMs = state.mayStartAt - performance.now();
  if (waitMs > 0) throw notYet(state.crashes, Math.ceil(waitMs / 1_000));
  const child = fork(MAIN, [], {
    execPath: process.execPath,
    // A chat template that came with a model must not be able to take the machine's memory.
    execArgv: ["--max-old-space-size=1024"],
    env: {},
    stdio: ["ignore", "ignore", "pipe", "ipc"],
    serialization: "advanced",
  });
  const pulse = watchPulse({ child, log: state.log });
  const { promise: ready, resolve: onReady, reject: onGone } = Promise.withResolvers<void>();
  ready.catch(() => undefined);
  const running: Running = { child, ready, stopPulse: pulse.stop, stderr: "", isStopping: false };
  state.running = running;
  child.stderr?.setEncoding("utf8").on("data", (text: string) => {
    running.stderr = (running.stderr + text).slice(-KEPT_STDERR);
  });
  child.on("message", (message: FromChild) => {
    if (message.type === "ready") onReady();
    else if (message.type === "pong") pulse.beat();
    else receive(state, message);
  });
  child.on("error", (cause) =>
    state.log.error(
      { cause: cause.message },
      "the model process could not be started, or a message could not be sent to it",
    ),
  );
  child.on("exit", (code, signal) => {
    onGone(crashed());
    ended(state, running, { code, signal });
  });
  return running;
}

function receive({ pending }: State, message: Exclude<FromChild, { type: "ready" | "pong" }>) {
  const waiting = pending.get(message.call);
  if (!waiting) return;
  if (message.type === "event") return waiting.onEvent(message.event);
  if (message.type === "answer") return waiting.resolve(message.answer);
  const { code, ...extra } = message.failure;
  waiting.reject(new AppError(code, extra));
}

function ended(state: State, running: Running, exit: { code: number | null; signal: string | null }) {
  running.stopPulse();
  if (state.running === running) state.running = null;
  if (running.isStopping) return;
  state.crashes++;
  const backoffMs = state.crashes < 2 ? 0 : Math.min(60_000, 1_000 * 2 ** (state.crashes - 2));
  state.mayStartAt = performance.now() + backoffMs;
  state.log.error(
    { ...exit, crashes: state.crashes, backoffMs, stderr: running.stderr },
    "the model process stopped unexpectedly",
  );
  state.onCrash();
  rejectAll(state, crashed);
}

function rejectAll({ pending }: State, toError: () => AppError) {
  for (const waiting of [...pending.values()]) waiting.reject(toError());
}

const crashed = () => new AppError("model_failed");
const notYet = (crashes: number, retryAfterSeconds: number) =>
  new AppError("model_failed", {
    message: `The local model stopped ${crashes} times in a row. The next start is attempted in ${retryAfterSeconds} s.`,
    retryAfterSeconds,
  });

async function stop(state: State) {
  const { running } = state;
  if (!running || running.isStopping) return;
  running.isStopping = true;
  const exited = new Promise((resolve) => running.child.once("exit", resolve));
  if (running.child.connected) running.child.disconnect();
  const kill = setTimeout(() => running.child.kill("SIGKILL"), STOP_MS);
  await exited;
  clearTimeout(kill);
}
