import type { PromptFormat } from "@treadle/contract";

/** What a template may use up. */
export const TEMPLATE_LIMITS = {
  /** Characters of a template with its includes put in. */
  source: 400_000,
  /** Characters of what it becomes. */
  output: 2_000_000,
  /** Sections in sections. */
  depth: 64,
  /** Tags that are filled in, loops counted each time around. */
  steps: 200_000,
} as const;

/** A language that templates are written in. */
export type TemplateLanguage = {
  readonly id: PromptFormat;
  readonly label: string;
  /** Whether what a template of it costs is bounded by steps alone, so that it may run beside everything else. */
  readonly isBounded: boolean;
  /** Reads a template; throws `TemplateError` for one that is not understood. */
  parse(source: string): ParsedTemplate;
};

/** The text that the inputs make of a template. Throws `TemplateError` for what cannot be done or takes too much. */
export type ParsedTemplate = (inputs: Readonly<Record<string, unknown>>) => string;

/** What is wrong with a template, in a sentence for who wrote it. */
export class TemplateError extends Error {
  override readonly name = "TemplateError";
}

export const tooLong = () =>
  new TemplateError(`it becomes longer than ${TEMPLATE_LIMITS.output} characters; shorten its inputs or its loops`);
