import type { Piece } from "./structure.ts";

export const writeMarkdown = (pieces: readonly Piece[], title: string): string =>
  `---\ntitle: ${JSON.stringify(title)}\n---\n\n${pieces.map(writePiece).join("\n\n")}\n`;

function writePiece(piece: Piece): string {
  if (piece.kind === "heading") return `${"#".repeat(piece.level)} ${escapeMarkdown(piece.text)}`;
  if (piece.kind === "paragraph") return escapeMarkdown(piece.text);
  if (piece.kind === "quote") return `> ${escapeMarkdown(piece.text)}`;
  if (piece.kind === "code") return `\`\`\`\`js\n${piece.text}\n\`\`\`\``;
  if (piece.kind === "list")
    return piece.items
      .map((item, place) => `${piece.isOrdered ? `${place + 1}.` : "-"} ${escapeMarkdown(item)}`)
      .join("\n");
  const row = (cells: readonly string[]) => `| ${cells.map(escapeMarkdown).join(" | ")} |`;
  return [row(piece.header), `|${" --- |".repeat(piece.header.length)}`, ...piece.rows.map(row)].join("\n");
}

const escapeMarkdown = (text: string) => text.replace(/[!-/:-@[-`{-~]/g, "\\$&");
