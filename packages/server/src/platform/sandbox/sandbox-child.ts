// The process in which code of strangers runs. It holds no secrets, has no environment and may open no file; what is left of
// Node's ways to the outside is taken away before any such code is read.
import { constants, createContext, Script } from "node:vm";
import type { SandboxOutcome } from "./port.ts";

export type SandboxJob = {
  readonly id: number;
  readonly source: string;
  readonly entry: string;
  /** JSON. */
  readonly input: string;
  readonly timeMs: number;
};
export type SandboxReply = { readonly id: number; readonly outcome: string };

const MOST_LOGS = 50;
const LONGEST_LOG = 2_000;
const LONGEST_RESULT = 1_000_000;

const send = process.send?.bind(process);
const on = process.on.bind(process);
const exit = process.exit.bind(process);

/** Code that escapes the context finds no useful objects. */
function closeDoors(): void {
  const gone = ["getBuiltinModule", "binding", "dlopen", "_linkedBinding", "kill", "mainModule", "reallyExit", "send"];
  for (const name of gone) Object.defineProperty(process, name, { value: undefined, configurable: false });
  const outside = ["fetch", "WebSocket", "EventSource", "XMLHttpRequest", "navigator", "require", "module"];
  for (const name of outside) Reflect.deleteProperty(globalThis, name);
  for (const made of [Object, Function, Array, Promise, Error, String, Map, Set]) {
    Object.freeze(made.prototype);
    Object.freeze(made);
  }
}

/** Runs inside of the context: what it makes are objects of the context only. */
const PRELUDE = `"use strict";
globalThis.console = (() => {
  const logs = [];
  const log = (...given) => {
    if (logs.length < ${MOST_LOGS}) logs.push(given.map((one) => typeof one === "string" ? one : JSON.stringify(one) ?? String(one)).join(" ").slice(0, ${LONGEST_LOG}));
  };
  return { log, info: log, warn: log, error: log, debug: log, logs };
})();`;

const callOf = ({ entry, input }: SandboxJob) => `(() => {
  const { stringify, parse } = JSON;
  const logs = globalThis.console?.logs ?? [];
  const end = (outcome) => { globalThis.outcome = stringify(outcome); };
  const thrown = (error) => end({ kind: "thrown", message: String(error?.stack ?? error).split("\\n").slice(0, 3).join("\\n").slice(0, 1000) });
  const give = (value) => {
    try { end({ kind: "value", value: value === undefined ? null : value, logs }); } catch (error) { end({ kind: "unreadable", message: String(error?.message ?? error) }); }
  };
  try {
    if (typeof ${entry} !== "function") return end({ kind: "syntax", message: "The code declares no function \`${entry}\`." });
    Promise.resolve(${entry}(parse(${JSON.stringify(input)}))).then(give, thrown);
  } catch (error) { thrown(error); }
})();`;

/** JSON of an outcome. Nothing of the context is touched but texts. */
function run(job: SandboxJob): string {
  const say = (outcome: SandboxOutcome) => JSON.stringify(outcome);
  let code: Script;
  try {
    code = new Script(job.source, { filename: "scorer.ts" });
  } catch (error) {
    return say({ kind: "syntax", message: error instanceof Error ? error.message : "The code cannot be parsed." });
  }
  const context = createContext(constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: "afterEvaluate",
  });
  const limits = { timeout: job.timeMs, breakOnSigint: false };
  const begun = performance.now();
  try {
    new Script(PRELUDE).runInContext(context, limits);
    code.runInContext(context, limits);
    new Script(callOf(job)).runInContext(context, limits);
    const outcome: unknown = new Script("globalThis.outcome").runInContext(context, limits);
    if (typeof outcome !== "string")
      return say({ kind: "unreadable", message: "The function returned a promise that never settles." });
    if (outcome.length > LONGEST_RESULT) return say({ kind: "unreadable", message: "The function gave too much." });
    return outcome;
  } catch {
    // The thrown value may be an object of the context, so not even its name is read.
    if (performance.now() - begun >= job.timeMs)
      return say({ kind: "too-slow", message: `The code ran longer than the limit of ${job.timeMs} ms.` });
    return say({ kind: "thrown", message: "The code threw an error before its function was called." });
  }
}

on("disconnect", () => exit());
on("message", (job: SandboxJob) => send?.({ id: job.id, outcome: run(job) } satisfies SandboxReply));
closeDoors();
send?.({ id: 0, outcome: "ready" } satisfies SandboxReply);
