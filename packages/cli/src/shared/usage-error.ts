/** The command was used in a wrong way, such as with a flag that does not exist: exit code 64, as sysexits.h has it. */
export class UsageError extends Error {}
