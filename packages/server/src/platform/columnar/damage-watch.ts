import { z } from "zod";
import { damagedPartIn } from "./damage.ts";
import type { DamagedPart, Query } from "./port.ts";

type Select = <Row extends z.ZodType>(query: Query<Row>) => Promise<z.output<Row>[]>;

const Part = z.object({ table: z.string(), part: z.string() });
type Part = z.infer<typeof Part>;
const Checked = z.object({ result: z.coerce.boolean() });

const ACTIVE =
  "SELECT table, name AS part FROM system.parts WHERE active AND database = currentDatabase() AND name IN {parts:Array(String)}";
const SET_ASIDE =
  "SELECT table, name AS part FROM system.detached_parts WHERE database = currentDatabase() AND startsWith(ifNull(reason, ''), 'broken')";
const NAME = /^[\w-]+$/;

/** Knows the parts that cannot be read: those that questions came upon, until they are gone, and those that the engine set aside. */
export function createDamageWatch(select: Select) {
  const damaged = new Set<string>();
  const checking = new Set<string>();

  const listActive = (parts: readonly string[]): Promise<Part[]> =>
    parts.length === 0 ? Promise.resolve([]) : select({ sql: ACTIVE, params: { parts }, row: Part });

  /** The engine compares the part with its checksums: the text of an error may quote what a caller wrote. */
  async function isWhole({ table, part }: Part): Promise<boolean> {
    if (!NAME.test(table) || !NAME.test(part)) return true;
    const sql = `CHECK TABLE ${table} PART '${part}' SETTINGS check_query_single_value_result = 1`;
    const rows = await select({ sql, params: {}, row: Checked });
    return rows.every(({ result }) => result);
  }

  async function check(name: string): Promise<void> {
    checking.add(name);
    try {
      for (const part of await listActive([name]))
        if (!(await isWhole(part).catch((error: unknown) => damagedPartIn(error) === null))) damaged.add(name);
    } catch {
      // The store does not answer; the next question that fails on this part asks again.
    } finally {
      checking.delete(name);
    }
  }

  return {
    /** A question has failed. */
    note(error: unknown): void {
      const name = damagedPartIn(error);
      if (name !== null && !damaged.has(name) && !checking.has(name)) void check(name);
    },
    async list(): Promise<DamagedPart[]> {
      const active = await listActive([...damaged]);
      for (const name of damaged) if (!active.some(({ part }) => part === name)) damaged.delete(name);
      const setAside = await select({ sql: SET_ASIDE, params: {}, row: Part });
      return [
        ...active.map((part) => ({ ...part, isSetAside: false })),
        ...setAside.map((part) => ({ ...part, isSetAside: true })),
      ];
    },
  };
}
