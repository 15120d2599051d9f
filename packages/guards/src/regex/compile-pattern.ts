import { RE2JS, RE2JSException, RE2JSSyntaxException } from "re2js";
import { PatternError } from "./pattern-error.ts";
import { translatePattern } from "./translate-pattern.ts";

const MOST_STEPS = 4_000;
const FLAGS: Readonly<Record<string, number>> = {
  i: RE2JS.CASE_INSENSITIVE,
  m: RE2JS.MULTILINE,
  s: RE2JS.DOTALL,
};

/** What RE2 says only briefly. */
const REASONS: Readonly<Record<string, string>> = {
  "invalid repeat count": "a repetition allows at most 1000 repeats, those inside it included",
  "invalid character class range": "this character class is not supported",
};

/**
 * Compiles a user's pattern for RE2, which never backtracks: the time of a match grows with the length of the text, for any pattern.
 * The syntax is that of JavaScript with the `u` flag, without look-around and back-references. Flags: i, m and s.
 * Throws a `PatternError` for a pattern that cannot be used.
 */
export function compilePattern(pattern: string, flags: string): RE2JS {
  const regex = compile(pattern, flags);
  if (regex.programSize() > MOST_STEPS) throw new PatternError(pattern, "it is too large; use fewer repeats");
  return regex;
}

function compile(pattern: string, flags: string): RE2JS {
  const translated = translatePattern(pattern, flags);
  try {
    // Only reads the pattern, so that what RE2 adds to the syntax is refused. It is never run.
    new RegExp(pattern, "u");
    return RE2JS.compile(
      RE2JS.translateRegExp(translated),
      [...flags].reduce((all, flag) => all | (FLAGS[flag] ?? 0), 0),
    );
  } catch (cause) {
    if (cause instanceof RE2JSSyntaxException) throw new PatternError(pattern, reasonOf(cause, pattern), cause);
    if (!(cause instanceof RE2JSException || cause instanceof SyntaxError)) throw cause;
    const why = cause.message.slice(cause.message.lastIndexOf(": ") + 2);
    throw new PatternError(pattern, `${why.charAt(0).toLowerCase()}${why.slice(1)}`, cause);
  }
}

function reasonOf(error: RE2JSSyntaxException, pattern: string): string {
  const why = REASONS[error.getDescription()] ?? error.getDescription();
  const part = error.getPattern() ?? "";
  const at = pattern.indexOf(part);
  return part === "" || at < 0 ? why : `${why}: "${part.slice(0, 40)}", at ${at + 1}`;
}
