import { formatNumberOf } from "../../../../components/text/format.ts";

/** How many chunks there are, and their mean size. */
export function chunkWords(chunks: readonly { readonly tokens: number }[]): string {
  const count = formatNumberOf(chunks.length, "chunk");
  if (chunks.length === 0) return count;
  const mean = Math.round(chunks.reduce((sum, { tokens }) => sum + tokens, 0) / chunks.length);
  return chunks.length === 1
    ? `${count} of ${formatNumberOf(mean, "token")}`
    : `${count}, ${formatNumberOf(mean, "token")} on average`;
}
