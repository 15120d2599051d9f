import { stripTypeScriptTypes } from "node:module";
import { Script } from "node:vm";

const MOST_CODE = 200_000;
const MOST_READ = 200;
const NAME = /^[A-Za-z_]\w{0,60}$/;
/** A script has no exports, so the exports of a module are declared. */
const EXPORT = /^\s*export\s+(?:default\s+)?(?=(?:async\s+)?function\b|const\b|let\b)/gm;
/** Node writes the place of an error of syntax in the first line of its stack. */
const PLACE = /^[\w.]*:(\d+)\n/;

const sources = new Map<string, string | Error>();

/** JavaScript without types, parsed and not run; or what is wrong with it, and in which line. */
export function readCode(code: string): string | Error {
  const known = sources.get(code);
  if (known !== undefined) return known;
  if (sources.size >= MOST_READ) sources.clear();
  const source = toScript(code);
  sources.set(code, source);
  return source;
}

/** What is wrong with code that should declare a function of a name; null for nothing. */
export function checkCode({ code, entry }: { readonly code: string; readonly entry: string }): string | null {
  if (!NAME.test(entry)) return `"${entry.slice(0, 60)}" is not a valid function name.`;
  const source = readCode(code);
  return source instanceof Error ? source.message : null;
}

function toScript(code: string): string | Error {
  if (code.length > MOST_CODE) return new Error(`The code is longer than ${MOST_CODE} characters. Shorten it.`);
  try {
    const source = stripTypeScriptTypes(code).replaceAll(EXPORT, "");
    new Script(source, { filename: "scorer.ts" });
    return source;
  } catch (error) {
    return new Error(error instanceof Error ? problemOf(error) : "The code cannot be parsed.");
  }
}

function problemOf({ message, stack = "" }: Error): string {
  const line = PLACE.exec(stack)?.[1];
  const [problem = ""] = message.split("\n");
  return line === undefined ? problem : `Line ${line}: ${problem}`;
}
