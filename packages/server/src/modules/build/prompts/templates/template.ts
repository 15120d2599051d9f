import type { PromptFormat } from "@treadle/contract";
import { messageOf } from "../../../../kernel/message-of.ts";

/** The limits of a template. */
export const TEMPLATE_LIMITS = {
  /** Characters of a template with its includes put in. */
  source: 400_000,
  /** Characters of what it becomes. */
  output: 2_000_000,
} as const;

/** A language that templates are written in. */
export type TemplateLanguage = {
  readonly id: PromptFormat;
  readonly label: string;
  /** Whether steps alone bound the cost of a template, so that it can run in this thread. */
  readonly isBounded: boolean;
  /** Parses a template. Throws `TemplateError` for an invalid one. */
  parse(source: string): ParsedTemplate;
};

/** The text that the inputs make of a template. Throws `TemplateError` for what cannot be done or takes too much. */
export type ParsedTemplate = (inputs: Readonly<Record<string, unknown>>) => string;

/** The error of a template, in a sentence for its author. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

export const tooLong = () =>
  new TemplateError(`it becomes longer than ${TEMPLATE_LIMITS.output} characters; shorten its inputs or its loops`);

/** Runs an engine and turns what it throws into a `TemplateError`; `explain` words the message. */
export function asTemplateError<Result>(run: () => Result, explain: (cause: unknown) => string = messageOf): Result {
  try {
    return run();
  } catch (cause) {
    throw new TemplateError(explain(cause), { cause });
  }
}
