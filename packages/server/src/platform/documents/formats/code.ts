import type { ParsedText } from "@treadle/retrieval";
import { decodeText, GUESS_WARNING } from "../text/decode-text.ts";
import { createTextBuilder } from "../text/text-builder.ts";
import { extensionOf, type ReadInput } from "./reader.ts";

/** Extensions, with the name of the language where it differs. */
const LANGUAGES =
  "bash:sh c cc:cpp cjs:js clj cpp cs css cts:ts cxx:cpp dart erl ex exs:ex fs go gradle graphql groovy h:c hpp:cpp hs ini java jl js jsx kt kts:kt less lua m:objc mjs:js ml mts:ts nix php pl pm:pl proto ps1 py pyi:py r rb rs sass scala scss sh sql svelte swift tcl tex tf toml ts tsx vb vue xml yaml yml:yaml zig zsh:sh";

/** The languages of code files, by extension. */
export const CODE_LANGUAGES: ReadonlyMap<string, string> = new Map(
  LANGUAGES.split(" ").map((entry) => {
    const [extension = "", language = extension] = entry.split(":");
    return [extension, language] as const;
  }),
);

/**
 * Program code: one block per stretch of the top level, split at blank lines before a line that is not indented. The
 * title is the file's name with its extension.
 */
export function readCode({ bytes, name, limits }: ReadInput): ParsedText {
  const { text, isGuess } = decodeText(bytes);
  const language = CODE_LANGUAGES.get(extensionOf(name));
  const builder = createTextBuilder({ maxChars: limits.textChars });
  if (isGuess) builder.warn(GUESS_WARNING);
  builder.setTitle(name.split(/[\\/]/).at(-1));
  for (const stretch of splitTopLevel(text)) builder.add("code", stretch, language ? { language } : {});
  return builder.build();
}

/** A closing bracket after a blank line still belongs to what it closes. */
const splitTopLevel = (text: string) => text.replace(/\r\n?/g, "\n").split(/\n(?:[^\S\n]*\n)+(?=[^\s)\]}])/);
