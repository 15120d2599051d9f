import type { Piece } from "./structure.ts";

export const escapeXml = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");

/** A page whose content is surrounded by parts that must not be read. */
export const writeHtml = (pieces: readonly Piece[], title: string): string =>
  `<!DOCTYPE html><html><head><title>${escapeXml(title)}</title><style>p { color: red }</style></head><body>` +
  `<nav><ul><li>Menu</li></ul></nav><main>${writeBody(pieces)}</main><aside>Other pages</aside>` +
  "<script>document.write('script')</script><footer>Imprint</footer></body></html>";

export const writeBody = (pieces: readonly Piece[]): string => pieces.map(writePiece).join("\n");

function writePiece(piece: Piece): string {
  if (piece.kind === "heading") return `<h${piece.level}>${escapeXml(piece.text)}</h${piece.level}>`;
  if (piece.kind === "paragraph") return `<p>${emphasize(piece.text)}</p>`;
  if (piece.kind === "quote") return `<blockquote><p>${escapeXml(piece.text)}</p></blockquote>`;
  if (piece.kind === "code") return `<pre><code class="language-js">${escapeXml(piece.text)}</code></pre>`;
  if (piece.kind === "list") {
    const items = piece.items.map((item) => `<li>${escapeXml(item)}</li>`).join("\n");
    return piece.isOrdered ? `<ol>${items}</ol>` : `<ul>${items}</ul>`;
  }
  const row = (cells: readonly string[], name: string) =>
    `<tr>${cells.map((cell) => `<${name}>${escapeXml(cell)}</${name}>`).join("")}</tr>`;
  const body = piece.rows.map((cells) => row(cells, "td")).join("");
  return `<table><thead>${row(piece.header, "th")}</thead><tbody>${body}</tbody></table>`;
}

/** The first word in bold, so that a paragraph has several text nodes. */
const emphasize = (text: string) => escapeXml(text).replace(/^[^ &]+(?= )/, "<b>$&</b>");
