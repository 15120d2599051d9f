import type { Scope } from "../../../../kernel/scope.ts";
import type { Postgres } from "../../../../platform/postgres/port.ts";
import { createVersionStore, type Which } from "../stores/version-store.ts";

/** The people behind users and API keys by their ids. A key of no known person is its own id. */
export type PeopleOf = (projectId: string, actors: readonly string[]) => Promise<ReadonlyMap<string, string>>;
type Deps = { readonly db: Postgres; readonly peopleOf: PeopleOf };
type Heads = { readonly datasetId: string; readonly branch: number | null; readonly main: number | null };

/** All versions that a version was made from, and itself. */
export async function findAncestors(db: Postgres, which: Which, head: number | null): Promise<ReadonlySet<number>> {
  const versions = createVersionStore(db);
  const ancestors = new Set<number>();
  const waiting = head === null ? [] : [head];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (ancestors.has(next)) continue;
    ancestors.add(next);
    const row = await versions.find(which, next);
    for (const parent of [row?.parent, row?.mergedFrom]) if (typeof parent === "number") waiting.push(parent);
  }
  return ancestors;
}

/** Decides who may approve a branch: a person who made none of the changes that the merge would bring to main. */
export function createBranchAuthors({ db, peopleOf }: Deps) {
  /** Everyone who committed a version that main does not have, or who made one of its steps. */
  async function listAuthors(which: Which, { branch, main }: Omit<Heads, "datasetId">): Promise<Set<string>> {
    const [known, all] = [await findAncestors(db, which, main), await findAncestors(db, which, branch)];
    const authors = new Set<string>();
    for (const number of all) {
      const row = known.has(number) ? undefined : await createVersionStore(db).find(which, number);
      for (const author of row ? [row.author, ...row.steps.map((step) => step.author)] : []) authors.add(author);
    }
    return authors;
  }

  return {
    /** Whether the caller is a person other than the authors. A key acts for the person who created it. */
    async isIndependent({ projectId, actor }: Scope, { datasetId, ...heads }: Heads): Promise<boolean> {
      const authors = await listAuthors({ projectId, datasetId }, heads);
      const people = await peopleOf(projectId, [actor, ...authors]);
      const person = people.get(actor) ?? actor;
      return person.startsWith("user_") && ![...authors].some((author) => (people.get(author) ?? author) === person);
    },
  };
}
export type BranchAuthors = ReturnType<typeof createBranchAuthors>;
