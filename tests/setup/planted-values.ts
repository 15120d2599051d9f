import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { openColumnar } from "../../packages/server/src/platform/columnar/open.ts";

/** Values that detectors find, each with a mark that nothing else has. */
export type Planted = { readonly email: string; readonly card: string; readonly token: string };

/** Built from parts, so that scanners of this repository do not report them as real keys. */
const TOKEN_START = ["gh", "p_"].join("");

/** Different values for each number below 100,000. */
export const plant = (number: number): Planted => ({
  email: `pl4nted${number}@example.org`,
  card: withCheckDigit(`5555770${String(number).padStart(8, "0")}`),
  token: `${TOKEN_START}PL4NTED${String(number).padStart(29, "x1Y2z")}`,
});

/** A number with Luhn's last digit. */
function withCheckDigit(digits: string): string {
  const sum = [...digits].reverse().reduce((total, digit, place) => {
    const doubled = Number(digit) * (place % 2 === 0 ? 2 : 1);
    return total + (doubled > 9 ? doubled - 9 : doubled);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** Any planted value, however it is written. */
const PLANTED = /pl4nted\d|5555[ -]?770|PL4NTED|cGw0bnRlZ|BsNG50ZW|wbDRudGVk/;

/** The files of a folder that hold a planted value as it is or in base64, other than the values of `except`. */
export const filesWithPlanted = (folder: string, except?: Planted): string[] =>
  filesBelow(folder).filter((path) => {
    const content = readFileSync(path, "latin1");
    return PLANTED.test(Object.values(except ?? {}).reduce((rest, value) => rest.replaceAll(value, ""), content));
  });

export function filesBelow(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    const stat = statSync(path);
    return stat.isDirectory() ? filesBelow(path) : stat.isFile() ? [path] : [];
  });
}

/** The rows of a stopped server's columnar store that hold a planted value, by table. Its files are compressed. */
export async function rowsWithPlanted(folder: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const columnar = await openColumnar({ folder });
  try {
    const tables = await columnar.select({
      sql: "SELECT name FROM system.tables WHERE database = currentDatabase() AND engine LIKE '%MergeTree'",
      params: {},
      row: z.object({ name: z.string() }),
    });
    const found: Record<string, readonly string[]> = {};
    for (const { name } of tables) {
      const rows = await columnar.select({
        sql: `SELECT formatRow('JSONEachRow', *) AS line FROM ${name}`,
        params: {},
        row: z.object({ line: z.string() }),
      });
      found[name] = rows.flatMap(({ line }) => (PLANTED.test(line) ? [line] : []));
    }
    return found;
  } finally {
    await columnar.close();
  }
}
