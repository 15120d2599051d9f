import type { ParsedText } from "@treadle/retrieval";
import type { DocumentLimits } from "../port.ts";

export type ReadInput = {
  readonly bytes: Uint8Array;
  /** The file's name. */
  readonly name: string;
  readonly limits: DocumentLimits;
};

/** Reads a document of one format. Throws `unprocessable` or `payload_too_large`, like `Documents.parse`. */
export type DocumentReader = (input: ReadInput) => Promise<ParsedText> | ParsedText;

/** A file's name without its folder and extension. */
export const titleOf = (name: string): string => fileName(name).replace(/\.[^.]*$/, "") || fileName(name);

/** The extension in lower case, without its dot. Empty if there is none. */
export const extensionOf = (name: string): string => /\.([^.]+)$/.exec(fileName(name))?.[1]?.toLowerCase() ?? "";

const fileName = (name: string) => name.split(/[\\/]/).at(-1) ?? name;
