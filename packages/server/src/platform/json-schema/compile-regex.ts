import { RE2JS, RE2JSException, RE2JSSyntaxException } from "re2js";
import { AppError } from "../../kernel/errors.ts";

/** `groups` holds what each capturing group matched, in order; undefined for a group that took no part. */
export type RegexMatch = { readonly text: string; readonly groups: readonly (string | undefined)[] };

/** Characters of the text times the size of the program: the bound of one match in the slowest mode of the engine. */
const MOST_WORK = 40_000_000;
const MOST_STEPS = 4_000;
const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

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
/** What RE2 says only briefly. */
const REASONS: Readonly<Record<string, string>> = {
  "invalid repeat count": "a repetition allows at most 1000 repeats, those inside it included",
  "invalid character class range": "this character class is not supported",
};

/**
 * Compiles a user's pattern for RE2, which never backtracks: the time of a match grows with the length of the text, for any pattern.
 * The syntax is that of JavaScript with the `u` flag, without look-around and back-references. Flags: i, m and s.
 * With m, a line ends at \n or \r\n. Throws `unprocessable` for a pattern that cannot be used, and later for a text that is too long.
 */
export function compileRegex(pattern: string, flags: string): (text: string) => RegexMatch | null {
  const regex = compile(pattern, flags);
  const steps = regex.programSize();
  if (steps > MOST_STEPS) throw refuse(pattern, "it is too large; use fewer repeats");
  // RE2 knows \n as the only end of a line. A pattern that names \r itself sees the text as it is.
  const isJoined = flags.includes("m") && !pattern.includes("\\r");

  return (original) => {
    const text = isJoined ? original.replaceAll("\r\n", "\n") : original;
    if (text.length * steps > MOST_WORK)
      throw refuse(pattern, `an answer of ${text.length} characters is too long for it`);
    // Most texts do not match, and that is known much faster than where the groups are.
    if (!regex.test(text)) return null;
    const matcher = regex.matcher(text);
    if (!matcher.find()) return null;
    const groups = Array.from({ length: matcher.groupCount() }, (_, at) => matcher.group(at + 1) ?? undefined);
    return { text: matcher.group() ?? "", groups };
  };
}

function compile(pattern: string, flags: string): RE2JS {
  const translated = translate(pattern, flags);
  try {
    // Only reads the pattern, so that what RE2 adds to the syntax is refused. It is never run.
    new RegExp(pattern, "u");
    return RE2JS.compile(
      RE2JS.translateRegExp(translated),
      [...flags].reduce((all, flag) => all | (FLAGS[flag] ?? 0), 0),
    );
  } catch (cause) {
    if (cause instanceof RE2JSSyntaxException) throw refuse(pattern, reasonOf(cause, pattern), cause);
    if (!(cause instanceof RE2JSException || cause instanceof SyntaxError)) throw cause;
    const why = cause.message.slice(cause.message.lastIndexOf(": ") + 2);
    throw refuse(pattern, `${why.charAt(0).toLowerCase()}${why.slice(1)}`, cause);
  }
}

/** The pattern in RE2's syntax. Throws for look-around, back-references and flags inside groups, with their place. */
function translate(pattern: string, flags: string): string {
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
    if (/^\\[1-9k]/.test(part)) throw refuse(pattern, `back-references are not supported, at ${at + 1}`);
    if (/^\(\?<[^=!]/.test(part)) return "(";
    if (part.startsWith("(?"))
      throw refuse(pattern, `look-around and flags inside groups are not supported, at ${at + 1}`);
    return part;
  });
}

const codePointOf = (pair: string) =>
  String.fromCharCode(Number.parseInt(pair.slice(2, 6), 16), Number.parseInt(pair.slice(8), 16))
    .codePointAt(0)
    ?.toString(16);

function reasonOf(error: RE2JSSyntaxException, pattern: string): string {
  const why = REASONS[error.getDescription()] ?? error.getDescription();
  const part = error.getPattern() ?? "";
  const at = pattern.indexOf(part);
  return part === "" || at < 0 ? why : `${why}: "${part.slice(0, 40)}", at ${at + 1}`;
}

const refuse = (pattern: string, why: string, cause?: unknown) =>
  new AppError("unprocessable", {
    message: `The regular expression "${pattern.slice(0, 80)}" cannot be used: ${why}.`,
    details: { param: "pattern" },
    cause,
  });
