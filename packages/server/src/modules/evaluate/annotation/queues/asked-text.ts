import type { Span } from "@treadle/contract";
import { readMessages, textOfMessages } from "../../../data/datasets/index.ts";

/** The prompt of a model call in a span, as a text for the comparison of meaning. */
export const askedText = ({ input }: Pick<Span, "input">): string => textOfMessages(readMessages(input, "user") ?? []);

/** Makes one vector of each text. */
export type Embed = (texts: readonly string[], signal: AbortSignal) => Promise<readonly (readonly number[])[]>;
