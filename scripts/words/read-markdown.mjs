/** Stands for a code span: a word that no rule objects to and that begins a sentence as well as any. */
const CODE = "X";

const BLOCK_START = /^\s*(?:#{1,6}\s|[-*+]\s|\d+[.)]\s|>)/;

/** Takes the place of words that no rule is about. Capitals stay capitals, since a sentence can begin with one. */
const blank = (words) => words.replace(/\S/g, (sign) => (/[\p{Lu}\p{N}]/u.test(sign) ? "X" : "x"));

/** The prose of one block: code spans become one word, links their text, and quoted words of the product no words at all. */
function plainText(block) {
  return block
    .replace(/(`+)[^`][\s\S]*?\1/g, (span) => CODE + "\n".repeat(span.split("\n").length - 1))
    .replace(/!?\[((?:[^\]\\]|\\.)*)\]\([^)\s]*(?:\s+"[^"]*")?\)/g, "$1")
    .replace(/<!--[\s\S]*?-->|<[a-z/][^>\n]*>/gi, "")
    .replace(/(\*\*|_)(?=\S)([^*_\n]{1,48}?)\1/g, (_, mark, words) => `${mark}${blank(words)}${mark}`)
    .replace(/"[^"\n]{1,200}"|“[^”\n]{1,200}”/g, (quote) => blank(quote));
}

/** The cells of a row, or nothing for the line below a table's head. */
const cellsOf = (line) =>
  /^\s*\|[\s:|-]+$/.test(line) ? [] : line.split(/(?<!\\)\|/).filter((cell) => cell.trim() !== "");

/** The blocks of a page (paragraphs, list items, headings, cells): the line on which each begins, and its prose. */
export function readMarkdown(text) {
  const blocks = [];
  let open;
  let fence;
  const close = () => {
    if (open !== undefined) blocks.push({ line: open.line, text: plainText(open.lines.join("\n")) });
    open = undefined;
  };
  for (const [at, line] of text.split("\n").entries()) {
    const mark = /^\s*(```+|~~~+)/.exec(line)?.[1];
    if (fence !== undefined) {
      if (mark?.startsWith(fence)) fence = undefined;
    } else if (mark !== undefined) {
      close();
      fence = mark;
    } else if (line.trim() === "") close();
    else if (/^\s*\|/.test(line)) {
      close();
      for (const cell of cellsOf(line)) blocks.push({ line: at + 1, text: plainText(cell) });
    } else {
      if (BLOCK_START.test(line)) close();
      open ??= { line: at + 1, lines: [] };
      open.lines.push(line.replace(BLOCK_START, ""));
      if (/^#/.test(line)) close();
    }
  }
  close();
  return blocks;
}
