/** Prints one line of progress, recognisable among the output of the tools it starts. */
export const say = (line) => process.stdout.write(`treadle: ${line}\n`);

/** Ends the program with a sentence that says what is wrong and what to do. */
export function stop(sentence, code = 1) {
  process.stderr.write(`\ntreadle: ${sentence}\n`);
  process.exit(code);
}
