import type { Item, TrainingConfig } from "@treadle/contract";
import { AppError } from "../../../../kernel/errors.ts";
import { isRecord } from "../../../../kernel/is-record.ts";
import { createFill } from "../../../build/prompts/index.ts";
import { refuse } from "./row-of-item.ts";

type Source = Pick<TrainingConfig["datasets"][number], "prompt" | "target">;

/** Templates of all runs, parsed once. They are rendered like templates of experiments. */
const { fill } = createFill();

/**
 * Makes chats of a dataset's items by its prompt, with the answer from its target; items of a dataset without a prompt stay as they are.
 * Throws `unprocessable` with a pointer for an item that the prompt cannot be filled with, or that has no answer.
 */
export function createPromptReader({ prompt, target }: Source): (item: Item) => Item {
  if (prompt === null) return (item) => item;
  const content = {
    type: "chat" as const,
    format: "mustache" as const,
    messages: prompt,
    inputs: null,
    model: null,
    parameters: {},
    tools: [],
    responseFormat: null,
  };
  return (item) => {
    const { messages } = filled(() => fill(content, item.inputs));
    const empty = messages.findIndex((message) => typeof message.content === "string" && message.content.trim() === "");
    if (empty !== -1) refuse("/inputs", `Message ${empty + 1} of the prompt is empty for this item.`);
    return { ...item, inputs: { messages }, expected: answerOf(item, target) };
  };
}

function filled<Result>(run: () => Result): Result {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
    return refuse("/inputs", `The prompt cannot be filled: ${error.message}`);
  }
}

function answerOf(item: Item, target: string): unknown {
  const path = target.split(".");
  const value = path.reduce<unknown>((at, key) => (isRecord(at) && Object.hasOwn(at, key) ? at[key] : undefined), item);
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (typeof value === "string" ? value !== "" : isRecord(value) && typeof value.role === "string") return value;
  return refuse(`/${path.join("/")}`, "There is no text to learn. Set `target` to the field with the answer.");
}
