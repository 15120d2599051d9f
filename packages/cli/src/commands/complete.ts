import type { Command, Option } from "commander";
import type { Io } from "../shared/io.ts";
import { readProfiles } from "../shared/profile-file.ts";

type Candidate = { readonly name: string; readonly description: string };

/** What the whole program is, which is not for one of its commands to know. */
type Whole = {
  readonly names: () => readonly Candidate[];
  readonly build: (words: readonly string[]) => Promise<{ program: Command; argv: readonly string[] }>;
};

export function addComplete(program: Command, io: Io, whole: Whole) {
  program
    .command("complete")
    .argument("[words...]", "the words after `treadle`; the last word is incomplete")
    .action(async (words: string[]) => {
      const candidates = await completions(words, io, whole);
      for (const { name, description } of candidates) io.stdout.write(`${name}\t${description.split("\n")[0] ?? ""}\n`);
    });
}

/** The completions of the last word. */
async function completions(words: readonly string[], io: Io, whole: Whole): Promise<readonly Candidate[]> {
  const start = words.at(-1) ?? "";
  const before = words.slice(0, -1);
  const fits = ({ name }: Candidate) => name.startsWith(start);
  if (before.every((word) => word.startsWith("-"))) return whole.names().filter(fits);
  const { program, argv } = await whole.build(before);
  const command = descend(program, argv);
  if (command === program) return [];
  const option = command.options.find(({ long, short }) => [long, short].includes(before.at(-1)));
  if (option && (option.required || option.optional)) return valuesOf(option, io).filter(fits);
  const flags = command.options.filter(({ hidden }) => !hidden).map(candidateOf);
  if (start.startsWith("-")) return flags.filter(fits);
  return command.commands.map((one) => ({ name: one.name(), description: one.description() })).filter(fits);
}

/** The command that the words lead to. */
function descend(program: Command, words: readonly string[]): Command {
  let command = program;
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word));
    if (next) command = next;
  }
  return command;
}

const candidateOf = ({ long, short, description }: Option): Candidate => ({ name: long ?? short ?? "", description });

function valuesOf({ long, argChoices }: Option, io: Io): readonly Candidate[] {
  if (long === "--profile")
    return Object.entries(readProfiles(io.env).profiles).map(([name, { url }]) => ({ name, description: url }));
  return (argChoices ?? []).map((name) => ({ name, description: "" }));
}
