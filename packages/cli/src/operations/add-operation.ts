import { type Command, Option } from "commander";
import { withFormatFlags } from "../output/format.ts";
import { withConnectionFlags } from "../shared/connect.ts";
import { IDEMPOTENCY_KEY_OPTION } from "../shared/idempotency-key-option.ts";
import type { Io } from "../shared/io.ts";
import { describeFailure } from "../shared/report-failure.ts";
import type { Options } from "./assemble-request.ts";
import type { Flag, Operation } from "./operation.ts";
import { numberOf } from "./read-value.ts";
import { runOperation } from "./run-operation.ts";

const collect = (value: string, before: readonly string[] | undefined) => [...(before ?? []), value];

/** Adds the verbs of a noun to its group. A command that the group already has takes precedence. */
export function addOperations(group: Command, operations: readonly Operation[], io: Io): void {
  const usedNames = new Set(group.commands.flatMap((command) => [command.name(), ...command.aliases()]));
  for (const operation of operations) {
    if (usedNames.has(operation.verb)) continue;
    const command = addOperation(group.command(operation.verb), operation, { io });
    for (const alias of operation.aliases ?? []) if (!usedNames.has(alias)) command.alias(alias);
  }
}

type How = {
  readonly io: Io;
  /** Fills in what a short form knows better than the operation, before the flags are read. */
  readonly adapt?: (options: Options) => Options;
  /** What a table shows of a row. */
  readonly rowOf?: (row: unknown) => unknown;
  /** The rows of an object that is shown as a table. */
  readonly rowsOf?: (response: unknown) => readonly unknown[];
};

/** Makes a command run an operation, with the flags of its shapes. */
export function addOperation(command: Command, operation: Operation, { io, adapt, rowOf, rowsOf }: How): Command {
  command.description(operation.summary);
  for (const { name, help } of operation.params ?? []) command.argument(`<${name}>`, help);
  for (const flag of operation.flags ?? []) addFlag(command, flag, operation);
  addBodyFlags(command, operation);
  if (operation.isPaged) command.option("--all", "read every page");
  if (operation.acceptsKey) command.option(...IDEMPOTENCY_KEY_OPTION);
  if (operation.hasJob) command.option("--wait", "follow the job until it ends, and show its result");
  withConnectionFlags(withFormatFlags(command)).option(
    "--header <line>",
    'a header, "name: value"; repeatable',
    collect,
  );
  command.addHelpText("after", `\n${operation.endpoint}, permission ${operation.permission}`);
  command.action(async () => {
    const options = command.opts();
    try {
      await runOperation(operation, { args: command.args, options: adapt?.(options) ?? options, rowOf, rowsOf }, io);
    } catch (error) {
      io.setExitCode(describeFailure(error, options, io));
    }
  });
  return command;
}

function addBodyFlags(command: Command, { body, flags = [] }: Operation): void {
  if (body === "json")
    command.option("--body <json>", "the body as JSON, @FILE, or - for standard input; flags change its fields");
  else if (body !== undefined) command.requiredOption("--file <file>", "the file to send; - for standard input");
  if (body === "multipart") command.option("--purpose <purpose>", "the purpose of the file", "fine-tune");
  if (body === "json" && flags.some(({ nullable }) => nullable))
    command.option("--clear <field>", "set a field to null; repeatable", collect);
}

function addFlag(command: Command, flag: Flag, operation: Operation): void {
  const { name, kind } = flag;
  const help = helpOf(flag);
  // Lists inside an object are read page by page, so the limit can be higher than the limit of a page.
  if (operation.isPaged && flag.in === "query" && name === "limit")
    command.option(
      "--limit <count>",
      "the maximum number of rows (default: 50)",
      numberOf({ kind: "integer", min: 1 }),
    );
  else if (operation.isPaged && flag.in === "query" && name === "cursor")
    command.option("--cursor <cursor>", "the cursor at the end of the previous page");
  else if (kind === "boolean") command.option(`--${name}`, help).option(`--no-${name}`, "the opposite");
  else if (kind === "choice") command.addOption(new Option(`--${name} <choice>`, help).choices(flag.choices ?? []));
  else if (kind === "number" || kind === "integer") command.option(`--${name} <number>`, help, numberOf(flag));
  else if (kind === "list") command.option(`--${name} <text>`, `${help}; repeatable`.replace(/^; /, ""), collect);
  else if (kind === "numbers")
    command.option(
      `--${name} <number>`,
      `${help}; repeatable`.replace(/^; /, ""),
      (text, before: number[] | undefined) => [...(before ?? []), numberOf({ kind: "number" })(text)],
    );
  else command.option(`--${name} <${kind === "text" ? "text" : "json"}>`, help);
}

function helpOf({ help = "", required, min, max }: Flag): string {
  const range =
    min !== undefined && max !== undefined
      ? `${min} to ${max}`
      : min !== undefined
        ? `at least ${min}`
        : max !== undefined
          ? `at most ${max}`
          : "";
  return [help, range, required ? "required" : ""].filter((part) => part !== "").join("; ");
}
