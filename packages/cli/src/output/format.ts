import { type Command, Option } from "commander";

/** The forms of a result. `text` is for people: a table, or a field in each line. */
export type Format = "text" | "json" | "jsonl" | "csv" | "ids";
export type FormatFlags = {
  readonly json?: boolean;
  readonly jsonl?: boolean;
  readonly csv?: boolean;
  readonly quiet?: boolean;
  readonly columns?: string;
  readonly output?: string;
};

/** Adds the flags that choose the form of a result. */
export function withFormatFlags(command: Command): Command {
  const options = [
    new Option("--json", "print the response as JSON"),
    new Option("--jsonl", "print one JSON object per line").conflicts(["json", "csv", "quiet"]),
    new Option("--csv", "print CSV").conflicts(["json", "quiet"]),
    new Option("-q, --quiet", "print ids only").conflicts(["json"]),
    new Option("--columns <names>", "the fields to show, separated by commas; a.b for a field of a field"),
    new Option("--output <file>", "write the result to a file; - for standard output"),
  ];
  for (const option of options) command.addOption(option.helpGroup("Output:"));
  return command;
}

export const formatOf = ({ json, jsonl, csv, quiet }: FormatFlags): Format =>
  json ? "json" : jsonl ? "jsonl" : csv ? "csv" : quiet ? "ids" : "text";

export const columnsOf = ({ columns }: FormatFlags): readonly string[] | undefined =>
  columns
    ?.split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
