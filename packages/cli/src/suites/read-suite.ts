import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { readShape, SuiteFile } from "@treadle/contract";
import { parseDocument } from "yaml";
import { UsageError } from "../shared/usage-error.ts";
import { isPromptfoo, readPromptfoo } from "./read-promptfoo.ts";

/** A suite, and the folder that the files it names are in. */
export type Suite = SuiteFile & { readonly folder: string };
export type ReadSuite = { readonly suite: Suite; readonly warnings: readonly string[] };

/**
 * Reads a suite of YAML, JSON or TypeScript, or a configuration of promptfoo. Throws `UsageError` with the file, the place in it
 * and what is wrong there.
 */
export async function readSuite(path: string): Promise<ReadSuite> {
  const given = /\.[mc]?[jt]s$/.test(path) ? await load(path) : parse(path);
  const folder = dirname(resolve(path));
  const { value, warnings } = isPromptfoo(given)
    ? readPromptfoo(given, { path, folder })
    : { value: given, warnings: [] };
  const parsed = readShape(SuiteFile, value);
  if (parsed.success) return { suite: { ...parsed.data, folder }, warnings };
  const issues = parsed.error.issues.slice(0, 10).map((issue) => `  ${placeOf(issue.path)}${issue.message}`);
  const more = parsed.error.issues.length - issues.length;
  throw new UsageError(
    [`${path} is not a valid suite:`, ...issues, ...(more > 0 ? [`  and ${more} more`] : [])].join("\n"),
  );
}

const placeOf = (path: readonly PropertyKey[]) => (path.length === 0 ? "" : `${path.map(String).join(".")} `);

/** A suite written as a program runs here, with the permissions of the user. */
async function load(path: string): Promise<unknown> {
  try {
    const module: Record<string, unknown> = await import(pathToFileURL(resolve(path)).href);
    const suite = module.suite ?? module.default;
    return typeof suite === "function" ? await suite() : suite;
  } catch (error) {
    throw new UsageError(`${path} could not be run: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parse(path: string): unknown {
  const text = textOf(path);
  const document = parseDocument(text, { prettyErrors: false });
  const [error] = document.errors;
  if (!error) return document.toJS({ maxAliasCount: 100 });
  const line = text.slice(0, error.pos[0]).split("\n").length;
  throw new UsageError(`${path}, line ${line}: invalid YAML: ${error.message}`);
}

function textOf(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`${path} could not be read: ${error instanceof Error ? error.message : String(error)}`);
  }
}
