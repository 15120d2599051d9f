import { createContext, Script } from "node:vm";
import type { ErrorCode, PromptContent } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { createFill, type Filled, type Inputs } from "./fill-in.ts";

/** Without inputs, the content is only checked. */
export type FillJob = { readonly content: PromptContent; readonly inputs: Inputs | null };
type FillError = { readonly code: ErrorCode; readonly message: string; readonly details: unknown };
export type FillResult = "ready" | { readonly filled: Filled | null } | { readonly error: FillError };

/** From when a template begins to run. */
const LONGEST_MS = 500;

const fill = createFill();
/** A script can have a timeout that includes its calls. The context is not a security boundary; this process is. */
const timed = new Script("run()");
const job: { run: () => Filled | null } = { run: () => null };
const context = createContext(job);

function run({ content, inputs }: FillJob): FillResult {
  job.run = () => {
    if (inputs !== null) return fill.fill(content, inputs);
    fill.check(content);
    return null;
  };
  try {
    return { filled: timed.runInContext(context, { timeout: LONGEST_MS }) };
  } catch (error) {
    if (error instanceof AppError)
      return { error: { code: error.code, message: error.message, details: error.details } };
    return {
      error: { code: "unprocessable", message: `The template was stopped: ${reasonOf(error)}.`, details: null },
    };
  }
}

/** An error of the script comes from its own context, so it is no `Error` of this one. */
function reasonOf(error: unknown): string {
  if (typeof error !== "object" || error === null) return String(error);
  if ("code" in error && error.code === "ERR_SCRIPT_EXECUTION_TIMEOUT")
    return "it takes too long; reduce the number of loop iterations";
  return "message" in error ? String(error.message) : "it failed";
}

process.on("disconnect", () => process.exit());
process.on("message", (given: FillJob) => process.send?.(run(given)));
process.send?.("ready" satisfies FillResult);
