import { PatternError } from "./pattern-error.ts";

/** The parts of a pattern that RE2 reads differently from JavaScript, or not at all. */
const PART =
  /\\u[dD][89abAB][\da-fA-F]{2}\\u[dD][c-fC-F][\da-fA-F]{2}|\\[pP]\{[^}]*\}|\\[\s\S]|\(\?<(?![=!])[^>\]]*>|\(\?(?!:)<?[=!]?|[[\].]/g;
const PROPERTY = /\{(?:(?:Script|sc|General_Category|gc)=)?(\w+)\}/;
/** RE2 has scripts by their long names, and categories by their short ones. */
const CATEGORIES: Readonly<Record<string, string>> = {
  Letter: "L",
  Uppercase_Letter: "Lu",
  Lowercase_Letter: "Ll",
  Mark: "M",
  Number: "N",
  Decimal_Number: "Nd",
  Punctuation: "P",
  Symbol: "S",
  Separator: "Z",
};
const LINE_ENDS = "\\n\\r\\x{2028}\\x{2029}";
/** JavaScript's white space, as ranges; RE2 has the ASCII part alone. */
const SPACES = "\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}";
const OTHERS =
  "\\x00-\\x08\\x0e-\\x1f!-\\x{9f}\\x{a1}-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-\\x{2027}\\x{202a}-\\x{202e}" +
  "\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{fefe}\\x{ff00}-\\x{10ffff}";
/** The pattern in RE2's syntax. Throws for look-around, back-references and flags inside groups, with their place. */
export function translatePattern(pattern: string, flags: string): string {
  let isInClass = false;
  return pattern.replace(PART, (part, at: number) => {
    if (part === "[") {
      const opens = !isInClass;
      isInClass = true;
      return opens ? part : "\\[";
    }
    if (part === "]") {
      isInClass = false;
      return part;
    }
    if (part === "\\s") return isInClass ? SPACES : `[${SPACES}]`;
    if (part === "\\S") return isInClass ? OTHERS : `[${OTHERS}]`;
    if (part.startsWith("\\u")) return part.length > 2 ? `\\u{${codePointOf(part)}}` : part;
    if (part.startsWith("\\p") || part.startsWith("\\P"))
      return part.replace(PROPERTY, (_, name: string) => `{${CATEGORIES[name] ?? name}}`);
    if (isInClass) return part === "\\b" ? "\\x08" : part;
    if (part === ".") return flags.includes("s") ? part : `[^${LINE_ENDS}]`;
    if (/^\\[1-9k]/.test(part)) throw new PatternError(pattern, `back-references are not supported, at ${at + 1}`);
    if (/^\(\?<[^=!]/.test(part)) return "(";
    if (part.startsWith("(?"))
      throw new PatternError(pattern, `look-around and flags inside groups are not supported, at ${at + 1}`);
    return part;
  });
}

const codePointOf = (pair: string) =>
  String.fromCharCode(Number.parseInt(pair.slice(2, 6), 16), Number.parseInt(pair.slice(8), 16))
    .codePointAt(0)
    ?.toString(16);
