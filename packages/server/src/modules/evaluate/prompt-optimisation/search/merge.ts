import type { Candidate, Evaluator } from "./evaluator.ts";
import { frequencies, meanScore, pairedSums } from "./pareto.ts";
import { type Pool, shuffled } from "./pool.ts";
import type { Program } from "./program.ts";

/** Items on which a merged prompt must do as well as the better of both before all are answered. */
const SAMPLE = 5;

/** A candidate that both come from, the latest one; undefined when one comes from the other. */
function sharedAncestor(pool: readonly Candidate[], one: Candidate, other: Candidate): Candidate | undefined {
  const [ours, theirs] = [lineOf(pool, one), lineOf(pool, other)];
  if (ours.has(other.candidate) || theirs.has(one.candidate)) return undefined;
  const shared = [...ours].filter((candidate) => theirs.has(candidate)).sort((a, b) => b - a)[0];
  return shared === undefined ? undefined : pool[shared];
}

function lineOf(pool: readonly Candidate[], { parents }: Candidate): Set<number> {
  const line = new Set<number>();
  const open = [...parents];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    if (line.has(next)) continue;
    line.add(next);
    open.push(...(pool[next]?.parents ?? []));
  }
  return line;
}

/** Each text from the line that changed it; where both did, from the better one. Null when only one line changed anything. */
export function mergePrograms(ancestor: Program, better: Program, other: Program): Program | null {
  const texts = ancestor.texts.map((text, at) => {
    const [ours = text, theirs = text] = [better.texts[at], other.texts[at]];
    return ours === text ? theirs : ours;
  });
  const isSame = (program: Program) => program.texts.every((text, at) => text === texts[at]);
  return isSame(better) || isSame(other) ? null : { texts, examples: better.examples };
}

/** Joins the first two lines that can be joined. Whether the joined prompt is in the pool now. */
export async function tryMerge(lab: Evaluator, pool: Pool): Promise<boolean> {
  const { candidates } = pool;
  const ranked = [...frequencies(candidates).keys()]
    .flatMap((at) => candidates[at] ?? [])
    .map((candidate) => ({ candidate, mean: meanScore(candidate.outcomes) ?? -Infinity }))
    .sort((a, b) => b.mean - a.mean || a.candidate.candidate - b.candidate.candidate)
    .map(({ candidate }) => candidate);
  for (const [at, better] of ranked.entries())
    for (const other of ranked.slice(at + 1)) {
      const ancestor = sharedAncestor(candidates, better, other);
      const program = ancestor && mergePrograms(ancestor.program, better.program, other.program);
      if (program && !pool.has(program)) return join({ lab, pool }, { better, other, program });
    }
  return false;
}

type Join = { readonly better: Candidate; readonly other: Candidate; readonly program: Program };

async function join({ lab, pool }: { lab: Evaluator; pool: Pool }, { better, other, program }: Join): Promise<boolean> {
  const places = shuffled([...lab.selection.keys()], lab.random).slice(0, SAMPLE);
  const items = places.flatMap((place) => lab.selection[place] ?? []);
  const outcomes = await lab.evaluate(program, items);
  const parents = [better.candidate, other.candidate];
  const reflection = `Combines the changes of candidates ${better.candidate} and ${other.candidate}.`;
  for (const parent of [better, other]) {
    const known = places.flatMap((place) => parent.outcomes[place] ?? []);
    const { before, after, items: shared } = pairedSums(known, outcomes);
    if (shared > 0 && after >= before) continue;
    await pool.refuse({ parents, reason: "The combination is worse than one of the two.", reflection, before, after });
    return false;
  }
  await pool.add(program, { parents, change: "merge", reflection });
  return true;
}
