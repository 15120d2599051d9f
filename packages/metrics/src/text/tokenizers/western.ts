import { splitWords } from "../white-space.ts";

/** The tokeniser of mteval-v13a as sacrebleu has it under the name 13a. */
export function tokenize13a(line: string): string[] {
  let text = line.replaceAll("<skipped>", "").replaceAll("-\n", "").replaceAll("\n", " ");
  if (text.includes("&")) {
    text = text.replaceAll("&quot;", '"').replaceAll("&amp;", "&").replaceAll("&lt;", "<").replaceAll("&gt;", ">");
  }
  return splitPunctuation(` ${text} `);
}

/** The part of 13a that zh shares: punctuation becomes a token, but neither a separator between digits nor a hyphen between letters does. */
export function splitPunctuation(text: string): string[] {
  return splitWords(
    text
      .replace(/[{-~[-` -&(-+:-@/]/g, " $& ")
      .replace(/([^0-9])([.,])/g, "$1 $2 ")
      .replace(/([.,])([^0-9])/g, " $1 $2")
      .replace(/([0-9])-/g, "$1 - "),
  );
}
