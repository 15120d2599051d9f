import { Equal, type LucideIcon, ThumbsDown, ThumbsUp, TriangleAlert } from "lucide-react";
import { formatCount } from "../../../../components/text/format.ts";
import type { ScorerComparison } from "./use-runs.ts";

type Word = ScorerComparison["verdict"];

const LOOKS: Readonly<Record<Word, { icon: LucideIcon; look: string; help: string }>> = {
  better: { icon: ThumbsUp, look: "text-good", help: "The run is significantly better" },
  worse: { icon: ThumbsDown, look: "text-bad", help: "The run is significantly worse" },
  equivalent: { icon: Equal, look: "text-info", help: "The difference is within the margin" },
  inconclusive: { icon: TriangleAlert, look: "text-warn", help: "These items are not enough to decide" },
};

/** The result of a comparison as a word and a shape, so that colour is not needed. */
export function Verdict({ verdict, moreItems = null }: { verdict: Word; moreItems?: number | null }) {
  const { icon: Icon, look, help } = LOOKS[verdict];
  return (
    <span className="inline-flex flex-col whitespace-nowrap">
      <span title={help} className={`inline-flex items-center gap-1.5 ${look}`}>
        <Icon aria-hidden size={13} className="shrink-0" />
        <span className="font-medium">{verdict}</span>
      </span>
      {moreItems !== null && moreItems > 0 && (
        <span className="num text-xs text-muted">about {formatCount(moreItems)} more items</span>
      )}
    </span>
  );
}
