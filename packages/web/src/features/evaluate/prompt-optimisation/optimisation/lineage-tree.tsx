import { Link } from "@tanstack/react-router";
import { CornerDownRight } from "lucide-react";
import { useRowKeys } from "../../../../components/table/row-keys.ts";
import { formatCount } from "../../../../components/text/format.ts";
import { formatValue } from "../../scorers/index.ts";
import type { Optimisation } from "../shared/use-optimisations.ts";
import { changeWords } from "../shared/words.ts";
import { type Branch, lineageOf } from "./lineage.ts";

type TreeProps = { optimisation: Optimisation; shown: number };
const DEEPEST = 8;

/** The candidates as a tree, with a mark on the open one. The keys j and k move through it. */
export function LineageTree({ optimisation, shown }: TreeProps) {
  const box = useRowKeys("Candidates");
  return (
    <nav ref={box} aria-label="Candidates" className="card overflow-hidden">
      <ul>
        {lineageOf(optimisation.candidates).map((branch) => (
          <li key={branch.candidate.candidate} className="border-line border-b last:border-0">
            <Row branch={branch} optimisation={optimisation} shown={shown} />
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Row({ branch: { candidate: one, depth }, optimisation, shown }: TreeProps & { branch: Branch }) {
  const { optimisationId, output, best, saved, parts } = optimisation;
  const { candidate, parents, change, quality, wins, isOnFrontier } = one;
  const version = saved.find((made) => made.candidate === candidate)?.version;
  const marks = [
    candidate === best && candidate > 0 ? "best" : "",
    isOnFrontier ? "Pareto front" : "",
    version === undefined ? "" : `v${version}`,
  ].filter(Boolean);
  return (
    <Link
      to="/optimisations/$optimisationId"
      params={{ optimisationId }}
      search={{ tab: "candidates", candidate: String(candidate) }}
      data-row
      aria-current={candidate === shown ? "true" : undefined}
      className="flex min-h-(--row-height) flex-wrap items-baseline gap-x-2 py-1.5 pr-3 -outline-offset-2 hover:bg-raised aria-[current]:bg-accent-soft"
      style={{ paddingLeft: 12 + 16 * Math.min(depth, DEEPEST) }}
    >
      <span className="num inline-flex items-baseline gap-1 font-medium">
        {depth > 0 && <CornerDownRight aria-hidden size={12} className="self-center text-faint" />}
        {candidate}
      </span>
      <span className="text-muted">
        {changeWords(change)}
        {parents.length > 1 && ` from ${parents.join(" and ")}`}
      </span>
      {marks.map((mark) => (
        <span key={mark} className="rounded border border-line bg-panel px-1.5 text-xs">
          {mark}
        </span>
      ))}
      <span className="num ml-auto inline-flex gap-x-3">
        <span className="text-xs text-muted" title="Selection items on which no other candidate is better">
          {formatCount(wins)}/{formatCount(parts?.selection ?? 0)}
          <span className="sr-only"> items not beaten</span>
        </span>
        <span className="font-medium">{formatValue(quality, output)}</span>
      </span>
    </Link>
  );
}
