/** The default width of a terminal. */
const COLUMNS = 80;

/** Wraps a text at 80 columns. All lines but the first start with `indent`. Longer words are not split. */
export function wrapWords(text: string, indent = ""): string {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const room = COLUMNS - (lines.length > 0 ? indent.length : 0);
    if (line !== "" && [...line].length + 1 + [...word].length > room) {
      lines.push(line);
      line = word;
    } else line = line === "" ? word : `${line} ${word}`;
  }
  return [...lines, line].join(`\n${indent}`);
}
