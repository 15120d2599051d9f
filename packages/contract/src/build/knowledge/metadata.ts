import { z } from "zod";

const MOST_CHARACTERS = 1_000;

const text = z.string().max(MOST_CHARACTERS);
/** A value that a document has under a name. */
const value = z.union([text, z.number(), z.boolean()]);

/** What an application knows about a document. */
export const documentMetadata = z.record(z.string().min(1).max(200), value);

/** A value that metadata is compared with: one, or a list for `in` and `nin`. */
export const comparedValue = z.union([text, z.number(), z.boolean(), z.array(z.union([text, z.number()])).max(1_000)]);
