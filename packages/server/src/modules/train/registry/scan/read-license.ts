import { open } from "node:fs/promises";
import { parse } from "yaml";
import { licenseOfCard } from "../../../build/models/index.ts";
import type { ScannedFile } from "./check-paths.ts";

const MAX_BYTES = 64 * 1024;

/** The license in the metadata of the card `README.md` next to the weights. Null if there is none. */
export async function readLicense(files: readonly ScannedFile[]): Promise<string | null> {
  const cards = files.filter(({ path }) => /(^|\/)README[.]md$/i.test(path));
  const [card] = cards.toSorted((a, b) => a.path.split("/").length - b.path.split("/").length);
  if (!card) return null;
  const [, front] = /^---\r?\n([\s\S]*?)\r?\n---\s/.exec(await readHead(card.at)) ?? [];
  return front === undefined ? null : licenseOfCard(parsed(front));
}

async function readHead(path: string): Promise<string> {
  const file = await open(path, "r");
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(MAX_BYTES), 0, MAX_BYTES, 0);
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await file.close();
  }
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}
