import { Command, CommanderError } from "commander";
import { HAND_WRITTEN } from "./commands/hand-written.ts";
import { findWords } from "./find-words.ts";
import { addOperations } from "./operations/add-operation.ts";
import { readManifest } from "./operations/manifest.ts";
import type { Operation } from "./operations/operation.ts";
import { EXIT, exitCodeTable } from "./shared/exit-codes.ts";
import type { Io } from "./shared/io.ts";
import { VERSION } from "./shared/version-number.ts";
import { wrapWords } from "./shared/wrap-words.ts";

/** Runs one command line. Sets the exit code; wrong use of any command is 64. */
export async function runProgram(argv: readonly string[], io: Io): Promise<void> {
  if (argv[0] === "help" && argv[1] === "exit-codes") return void io.stdout.write(`${exitCodeTable()}\n`);
  const words = argv[0] === "help" ? [...argv.slice(1), "--help"] : argv;
  const { program, argv: given } = await buildProgram(words, io);
  try {
    await program.parseAsync([...given], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    io.setExitCode(error.exitCode === 0 ? EXIT.ok : EXIT.usage);
  }
}

/** The program with the commands that a command line can mean: the commands of its noun, or all names. */
export async function buildProgram(argv: readonly string[], io: Io) {
  const manifest = readManifest();
  const words = findWords(argv, manifest);
  const word = words.find((one) => !one.startsWith("-"));
  const program = createProgram(io);
  const entry = HAND_WRITTEN.find(({ name, alias }) => name === word || (alias !== undefined && alias === word));
  const operations = manifest.filter(({ noun }) => noun === word);
  if (entry) {
    const whole = { names: () => topNames(manifest), build: (line: readonly string[]) => buildProgram(line, io) };
    (await entry.load())(program, io, whole);
    program.commands.at(-1)?.description(entry.description);
  }
  if (operations.length > 0) addNoun(program, operations, io);
  if (!entry && operations.length === 0) addNames(program, manifest, word === undefined);
  return { program, argv: words };
}

/** Every name of a command at the top: those written by hand, then the nouns. */
const topNames = (manifest: readonly Operation[]) => [
  ...HAND_WRITTEN.filter(({ isHidden }) => !isHidden).map(({ name, description }) => ({ name, description })),
  ...nounsOf(manifest)
    .filter((noun) => !HAND_WRITTEN.some(({ name }) => name === noun))
    .map((noun) => ({ name: noun, description: describeNoun(manifest.filter((one) => one.noun === noun)) })),
];

const createProgram = (io: Io) =>
  new Command("treadle")
    .description("The LLMOps platform. Commands connect to a running server; `serve` starts one.")
    .version(VERSION, "-v, --version", "print the version")
    // After a command, --version is that command's: a version of a dataset.
    .enablePositionalOptions()
    .helpCommand(false)
    .showHelpAfterError("(`treadle --help` lists the commands; `treadle <command> --help` lists their options.)")
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text),
    })
    .exitOverride();

function addNoun(program: Command, operations: readonly Operation[], io: Io): void {
  const noun = operations[0]?.noun ?? "";
  const written = program.commands.find((command) => command.name() === noun);
  const group = written ?? program.command(noun).description(describeNoun(operations));
  // A group that also runs by itself leaves the flags after a verb to the verb.
  group.enablePositionalOptions().helpCommand(false);
  addOperations(group, operations, io);
}

const describeNoun = (operations: readonly Operation[]) => operations.map(({ verb }) => verb).join(", ");
const nounsOf = (manifest: readonly Operation[]) => [...new Set(manifest.map(({ noun }) => noun))];

/** Names only, for the help and for a suggestion after a mistyped name. */
function addNames(program: Command, manifest: readonly Operation[], isHelp: boolean): void {
  for (const { name, group, description, isHidden } of HAND_WRITTEN)
    if (!isHidden) program.command(name).description(description).helpGroup(`${group}:`);
  if (!isHelp)
    for (const noun of nounsOf(manifest))
      if (!program.commands.some((one) => one.name() === noun)) program.command(noun);
  program.addHelpText("after", () => nounHelp(manifest));
}

const AREAS = ["observe", "build", "data", "evaluate", "train", "release", "system"];

function nounHelp(manifest: readonly Operation[]): string {
  const lines = AREAS.map((area) => {
    const nouns = nounsOf(manifest.filter((one) => one.area === area)).join(", ");
    return `  ${wrapWords(`${area}: ${nouns}`, " ".repeat(4))}`;
  });
  return [
    "",
    "Every operation of the API is a command: treadle <noun> <verb>. The nouns:",
    ...lines,
    "",
    "`treadle <noun>` lists its verbs; its plural, as in `treadle datasets`, lists the objects.",
    "`treadle help exit-codes` lists the exit codes.",
  ].join("\n");
}
