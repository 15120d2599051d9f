import { compilePattern, PatternError } from "@treadle/guards";
import { AppError } from "../../kernel/errors.ts";

/** `groups` holds what each capturing group matched, in order; undefined for a group that took no part. */
export type RegexMatch = { readonly text: string; readonly groups: readonly (string | undefined)[] };

/** Characters of the text times the size of the program: the bound of one match in the slowest mode of the engine. */
const MOST_WORK = 40_000_000;

/**
 * Compiles a user's pattern for the linear engine of the guards. With m, a line ends at \n or \r\n. Throws
 * `unprocessable` for a pattern that cannot be used, and later for a text that is too long.
 */
export function compileRegex(pattern: string, flags: string): (text: string) => RegexMatch | null {
  const regex = compile(pattern, flags);
  const steps = regex.programSize();
  // RE2 knows \n as the only end of a line. A pattern that names \r itself sees the text as it is.
  const isJoined = flags.includes("m") && !pattern.includes("\\r");

  return (original) => {
    const text = isJoined ? original.replaceAll("\r\n", "\n") : original;
    if (text.length * steps > MOST_WORK)
      throw unprocessable(new PatternError(pattern, `an answer of ${text.length} characters is too long for it`));
    // Most texts do not match, and that is known much faster than where the groups are.
    if (!regex.test(text)) return null;
    const matcher = regex.matcher(text);
    if (!matcher.find()) return null;
    const groups = Array.from({ length: matcher.groupCount() }, (_, at) => matcher.group(at + 1) ?? undefined);
    return { text: matcher.group() ?? "", groups };
  };
}

function compile(pattern: string, flags: string) {
  try {
    return compilePattern(pattern, flags);
  } catch (cause) {
    throw cause instanceof PatternError ? unprocessable(cause) : cause;
  }
}

const unprocessable = (cause: PatternError) =>
  new AppError("unprocessable", { message: cause.message, details: { param: "pattern" }, cause });
