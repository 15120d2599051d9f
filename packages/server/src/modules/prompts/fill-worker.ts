import { parentPort } from "node:worker_threads";
import type { ErrorCode, PromptContent } from "@treadle/contract";
import { AppError } from "../../kernel/errors.ts";
import { createFill, type Filled, type Inputs } from "./fill-in.ts";

/** Without inputs, the content is only checked. */
export type FillJob = { readonly content: PromptContent; readonly inputs: Inputs | null };
const READY = "ready";
export type FillResult =
  | typeof READY
  | { readonly filled: Filled | null }
  | { readonly error: { readonly code: ErrorCode; readonly message: string; readonly details: unknown } };

const fill = createFill();

function run({ content, inputs }: FillJob): FillResult {
  try {
    if (inputs !== null) return { filled: fill.fill(content, inputs) };
    fill.check(content);
    return { filled: null };
  } catch (error) {
    if (error instanceof AppError)
      return { error: { code: error.code, message: error.message, details: error.details } };
    const why = error instanceof Error ? error.message : String(error);
    return { error: { code: "unprocessable", message: `The template cannot be filled in: ${why}.`, details: null } };
  }
}

parentPort?.on("message", (job: FillJob) => parentPort?.postMessage(run(job)));
parentPort?.postMessage(READY);
