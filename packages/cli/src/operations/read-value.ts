import { readFile } from "node:fs/promises";
import { buffer } from "node:stream/consumers";
import { InvalidArgumentError } from "commander";
import type { Io } from "../shared/io.ts";
import { UsageError } from "../shared/usage-error.ts";
import type { Flag } from "./operation.ts";

/** A parser of a flag that is a number, within its limits. */
export const numberOf =
  ({ kind, min, max }: Pick<Flag, "kind" | "min" | "max">) =>
  (text: string): number => {
    const value = Number(text);
    const isNumber = text.trim() !== "" && Number.isFinite(value);
    if (!isNumber || (kind === "integer" && !Number.isInteger(value)))
      throw new InvalidArgumentError(`Use a ${kind === "integer" ? "whole number" : "number"}.`);
    if (min !== undefined && value < min) throw new InvalidArgumentError(`The lowest value is ${min}.`);
    if (max !== undefined && value > max) throw new InvalidArgumentError(`The highest value is ${max}.`);
    return value;
  };

/** JSON from the text itself, from `@FILE`, or from standard input with `-`. Throws a `UsageError` that names the flag. */
export async function readJson(text: string, flag: string, io: Pick<Io, "stdin">): Promise<unknown> {
  const [content, source] = await contentOf(text, flag, io);
  try {
    return JSON.parse(content);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new UsageError(`${flag}: ${source} is not valid JSON (${reason}). Use JSON, @FILE, or - for standard input.`);
  }
}

/** JSON where the text is JSON or names a file, and otherwise the text. */
export async function readAny(text: string, flag: string, io: Pick<Io, "stdin">): Promise<unknown> {
  if (text === "-" || text.startsWith("@")) return readJson(text, flag, io);
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A text from the text itself, from `@FILE`, or from standard input with `-`. */
export async function readText(text: string, flag: string, io: Pick<Io, "stdin">): Promise<string> {
  return (await contentOf(text, flag, io))[0];
}

async function contentOf(
  text: string,
  flag: string,
  io: Pick<Io, "stdin">,
): Promise<[content: string, source: string]> {
  if (text === "-") return [(await buffer(io.stdin)).toString("utf8"), "standard input"];
  if (!text.startsWith("@")) return [text, "the value"];
  const file = text.slice(1);
  return [(await readBytes(file, flag, io)).toString("utf8"), file];
}

/** A file as bytes; `-` is standard input. Throws a `UsageError` when there is no such file. */
export async function readBytes(file: string, flag: string, io: Pick<Io, "stdin">): Promise<Buffer<ArrayBuffer>> {
  const bytes = file === "-" ? await buffer(io.stdin) : await readFile(file).catch((error: Error) => error);
  if (bytes instanceof Error) throw new UsageError(`${flag}: ${file} cannot be read: ${bytes.message}`);
  return Buffer.from(bytes);
}
