import { messageOf } from "../../../kernel/message-of.ts";

/** What PostgreSQL says, and what it means for the folder. The first that fits counts. */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [/No space left on device|ENOSPC/, "the disk is full"],
  [/pg_control|PG_CONTROL_VERSION/, "its control file (global/pg_control) is missing, cut off or overwritten"],
  [/PG_VERSION/, "its version file (PG_VERSION) is missing, cut off or overwritten"],
  [/pg_wal|WAL|checkpoint record/, "its write-ahead log (pg_wal) is missing or damaged"],
  [/system index|invalid page|could not read block|pg_filenode/, "a system table is damaged"],
];
const FREE_SPACE = "Free some disk space and start again.";
const RESTORE =
  "Nothing was changed. Keep a copy of the folder, restore the data folder from the last backup and start again. " +
  "docs/guide/operations.md explains under Damaged data what to do without a backup.";

type Failed = { readonly cause: unknown; readonly logged: readonly string[] };

/** Why the embedded database does not open and what to do, with PostgreSQL's own words at the end. */
export function explainOpening(folder: string | null, { cause, logged }: Failed): Error {
  const said = [messageOf(cause), ...logged].join("\n");
  if (folder === null) return new Error(said, { cause });
  const [, reason] = REASONS.find(([pattern]) => pattern.test(said)) ?? [/./, "it does not start"];
  const remedy = reason === "the disk is full" ? FREE_SPACE : RESTORE;
  const words = logged.find((line) => /PANIC|FATAL/.test(line))?.replace(/^.*?(PANIC|FATAL)/, "$1") ?? said;
  return new Error(
    `The embedded database in ${folder} cannot be opened: ${reason}. ${remedy}\nPostgreSQL said: ${words.trim()}`,
    { cause },
  );
}
