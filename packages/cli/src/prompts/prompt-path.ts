import { join, sep } from "node:path";

export const EXTENSION = ".prompt.yaml";

/** Names that Windows reserves for devices, whatever follows the first dot. */
const DEVICE = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;
const PLAIN = /^[\p{L}\p{N}_-]$/u;

/**
 * The path of a prompt's file in the folder: `support/reply` is `support/reply.prompt.yaml`. Characters with a special
 * meaning for a file system are written as `%` and their bytes in hex. No name can therefore lead out of the folder.
 */
export function pathOf(folder: string, name: string): string {
  const parts = name.split("/").map(safePart);
  return join(folder, ...parts.slice(0, -1), `${parts.at(-1)}${EXTENSION}`);
}

function safePart(part: string): string {
  const characters = [...part].map((character, at) => {
    const isInside = at > 0 && at < part.length - 1;
    const isPlain = PLAIN.test(character) || (isInside && (character === "." || character === " "));
    return isPlain ? character : inHex(character);
  });
  if (!DEVICE.test(part)) return characters.join("") || "%";
  return [inHex(part.charAt(0)), ...characters.slice(1)].join("");
}

const inHex = (character: string) =>
  [...new TextEncoder().encode(character)]
    .map((byte) => `%${byte.toString(16).toUpperCase().padStart(2, "0")}`)
    .join("");

/** A path as people of every system read it, with `/` between the folders. */
export const shownPath = (path: string): string => path.split(sep).join("/");
