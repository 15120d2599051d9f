import type { Finding } from "./finding.ts";
import type { Trust } from "./policy/policy.ts";
import type { PreparedText } from "./prepared-text.ts";

/**
 * What a detector needs to see of a stream before a verdict on its beginning is final: so many code units after the first
 * one that can still become a match, a whole sentence, or all of the text.
 */
export type Need = { readonly upTo: number } | "sentence" | "whole";

/** What a detector may know of the call that a text belongs to. */
export type CallFacts = {
  /** The system messages of the request. Empty for a text without a call. */
  readonly systemPrompt: string;
  /** The retrieved texts and the results of tools in the request, which an answer should agree with. */
  readonly sources?: readonly string[];
  /** The API key of the caller; null for a person or the server. */
  readonly keyId?: string | null;
  /** Whether the text is what the model answers: not its reasoning, and not an earlier answer. */
  readonly isAnswer?: boolean;
};

/** The same facts for a text that is an answer. They are still read only when a detector wants them. */
export const answering = (facts: CallFacts): CallFacts => Object.create(facts, { isAnswer: { value: true } });

/** Finds one sort of thing in a text. It reads a bounded number of characters from each place, so time grows linearly. */
export type Detector<Options = undefined> = {
  /** The same everywhere: policies, spans, dashboards. For example `secrets`. */
  readonly name: string;
  /** Grows whenever the detector can find something else than before. */
  readonly version: number;
  /** Whether a finding is certain by its form, such as a checksum. A probability is not. */
  readonly isDeterministic: boolean;
  readonly need: Need;
  /** The texts that it can judge, by their source. All of them if nothing is given. */
  readonly reads?: readonly Trust[];
  /** The facts of the call that it uses, and that can be long. None if nothing is given. */
  readonly uses?: readonly ("systemPrompt" | "sources")[];
  /**
   * For streams: the place from which more text can still make a match, or make another one of it. The length of the text if
   * there is none. Without it, a stream is held back by as many code units as `need` says.
   */
  openFrom?(text: string, options: Options): number;
  /**
   * A quick look at a text that has no other form, so that most texts need no search: whether `find` could find anything.
   * Without it, all texts are searched.
   */
  mayFind?(text: string, options: Options): boolean;
  find(text: PreparedText, options: Options, call?: CallFacts): readonly Finding[];
};
