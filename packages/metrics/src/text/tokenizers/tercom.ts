import { splitWords } from "../white-space.ts";

/** How tercom prepares a text; every option is off where it is not given. */
export type TercomOptions = {
  /** Splits punctuation off and reads XML's escapes. */
  readonly normalized?: boolean;
  /** Takes `. , ? : ; ! " ( )` away. */
  readonly noPunctuation?: boolean;
  /** With `normalized`, East Asian characters become words; with `noPunctuation`, their punctuation goes too. */
  readonly asianSupport?: boolean;
  readonly caseSensitive?: boolean;
};

const ASIAN_PUNCTUATION =
  /[\u3001\u3002\u3008-\u3011\u3014-\u301f\u30fb\uff01\uff02\uff08\uff09\uff0c\uff0e\uff1a\uff1b\uff1f\uff61-\uff65]/g;
/** U+3F22 is tercom's own: the range was to end with U+32FF. Kana are split only in a text of kana alone, which a padded one is not. */
const ASIAN_CHARACTERS =
  /[\u2e80-\u2eff\u31c0-\u31ef\u3200-\u3f22\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\ufe30-\ufe4f]/g;

/** The words of a text as sacrebleu's tercom tokeniser gives them. */
export function tokenizeTercom(line: string, options: TercomOptions): string[] {
  let text = options.caseSensitive ? line : line.toLowerCase();
  if (options.normalized && line !== "") {
    text = normalizeWestern(text);
    if (options.asianSupport) text = text.replace(ASIAN_CHARACTERS, " $& ").replace(ASIAN_PUNCTUATION, " $& ");
  }
  if (options.noPunctuation) {
    text = text.replace(/[.,?:;!"()]/g, "");
    if (options.asianSupport) text = text.replace(ASIAN_PUNCTUATION, "");
  }
  return splitWords(text);
}

function normalizeWestern(text: string): string {
  const plain = text
    .replaceAll("\n-", "")
    .replaceAll("\n", " ")
    .replaceAll("&quot;", '"')
    .replaceAll("&amp;", "&")
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">");
  return ` ${plain} `
    .replace(/[{-~[-` -&(-+:-@/]/g, " $& ")
    .replaceAll("'s ", " 's ")
    .replace(/([^0-9])([.,])/g, "$1 $2 ")
    .replace(/([.,])([^0-9])/g, " $1 $2")
    .replace(/([0-9])-/g, "$1 - ");
}
