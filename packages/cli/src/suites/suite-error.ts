/** The command was used in a wrong way, such as with a suite that says nothing: exit code 64, as sysexits.h has it. */
export class UsageError extends Error {
  readonly exitCode = 64;
}
