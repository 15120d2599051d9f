import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import packageJson from "../../../package.json" with { type: "json" };

/** A step of a store's schema: one file of numbered, plain SQL. */
export type Migration = {
  /** The file's name without its ending, such as `0001-first`. */
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, in hexadecimal. */
  readonly checksum: string;
};

/** A store's record of a migration step. `program` is the version that applied it. */
export type AppliedMigration = { readonly name: string; readonly checksum: string; readonly program: string };

/** The program version that is stored with each step, so that an older program can name the required version. */
export const PROGRAM_VERSION = packageJson.version;

/** The data was written by a program whose schema this one does not know. Nothing has been changed. */
export class MigrationRefusedError extends Error {
  override readonly name = "MigrationRefusedError";
}

const FILE_NAME = /^\d{4}-[a-z0-9-]+\.sql$/;

/** Reads the steps of one store in order. Throws when a file is badly named or two share a number. */
export async function readMigrations(folder: URL): Promise<Migration[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".sql")).sort();
  const numbers = new Set(files.map((file) => file.slice(0, 4)));
  if (numbers.size !== files.length || !files.every((file) => FILE_NAME.test(file))) {
    throw new Error(
      `Migration files are named NNNN-words.sql with unique numbers; found ${files.join(", ")} in ${fileURLToPath(folder)}.`,
    );
  }
  return Promise.all(
    files.map(async (file) => {
      const sql = await readFile(new URL(file, folder), "utf8");
      return { name: file.slice(0, -".sql".length), sql, checksum: createHash("sha256").update(sql).digest("hex") };
    }),
  );
}

/**
 * The pending steps, in order. Throws `MigrationRefusedError` if the data has an unknown step, a changed step, or a
 * step before a pending one.
 */
export function pendingMigrations(store: string, known: readonly Migration[], applied: readonly AppliedMigration[]) {
  const unknown = applied.filter(({ name }) => !known.some((migration) => migration.name === name));
  const last = unknown.at(-1);
  if (last) {
    throw new MigrationRefusedError(
      `The data in ${store} is newer than this program: it has the migration "${last.name}", which Treadle ${PROGRAM_VERSION} does not know. ` +
        `Install version ${last.program} or newer. Nothing was changed.`,
    );
  }
  const checksums = new Map(applied.map(({ name, checksum }) => [name, checksum]));
  const changed = known.find(({ name, checksum }) => checksums.has(name) && checksums.get(name) !== checksum);
  if (changed) {
    throw new MigrationRefusedError(
      `The migration "${changed.name}" of ${store} was changed after it had been applied to this data. ` +
        "Restore the original file and make the change in a new migration. Nothing was changed.",
    );
  }
  const pending = known.filter(({ name }) => !checksums.has(name));
  if (
    pending.length + applied.length !== known.length ||
    pending.some(({ name }) => applied.some((step) => step.name > name))
  ) {
    const names = pending.map(({ name }) => name).join(", ");
    throw new MigrationRefusedError(
      `The data in ${store} has later migrations but not ${names}: two versions of Treadle have each added a migration. ` +
        "Number the new file after the last applied one. Nothing was changed.",
    );
  }
  return pending;
}
