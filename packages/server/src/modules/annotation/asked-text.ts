import type { Span } from "@treadle/contract";
import { readMessages, textOfMessages } from "../datasets/index.ts";

/** What was asked of a model in a span, as a text that is compared with others by its meaning. */
export const askedText = ({ input }: Pick<Span, "input">): string => textOfMessages(readMessages(input, "user") ?? []);

/** Makes one vector of each text. */
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;
