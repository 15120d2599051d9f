import { TriangleAlert } from "lucide-react";
import { useState } from "react";
import { ErrorState } from "../../../components/feedback/states.tsx";
import { Choice } from "../../../components/form/choice.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf, formatPercent } from "../../../components/text/format.ts";
import { type Leaderboard, useLeaderboard } from "./use-preferences.ts";

const BOARDS = ["raw", "lengthControlled", "styleControlled"] as const;
type Board = (typeof BOARDS)[number];
type Variant = Leaderboard["raw"]["variants"][number];

const WORDS: Readonly<Record<Board, string>> = {
  raw: "Raw",
  lengthControlled: "Length-controlled",
  styleControlled: "Length- and style-controlled",
};
const round = (value: number) => formatCount(Math.round(value));

const COLUMNS: readonly PlainColumn<Variant>[] = [
  { id: "rank", header: "Rank", isNumber: true, className: "w-px", cell: ({ rank }) => rank ?? "–" },
  {
    id: "variant",
    header: "Variant",
    className: "w-full min-w-32",
    cell: ({ variant }) => <span className="[overflow-wrap:anywhere]">{variant}</span>,
  },
  {
    id: "rating",
    header: "Rating",
    isNumber: true,
    cell: ({ rating, interval }) => (
      <span className="whitespace-nowrap">
        {rating === null ? <span className="text-muted">unbounded</span> : round(rating)}{" "}
        <span className="text-xs text-muted">
          {interval ? `[${round(interval.low)}, ${round(interval.high)}]` : rating !== null && "no interval"}
        </span>
      </span>
    ),
  },
  { id: "matches", header: "Votes", isNumber: true, isWide: true, cell: ({ matches }) => formatCount(matches) },
  {
    id: "wins",
    header: "Wins",
    isNumber: true,
    cell: ({ winRate }) => (winRate === null ? "–" : formatPercent(winRate)),
  },
];

/** The ranking of the variants, and other effects on the votes. */
export function BoardSection({ queue }: { queue: string | undefined }) {
  const board = useLeaderboard(queue);
  const [shown, setShown] = useState<Board>("raw");
  if (board.error && !board.data)
    return <ErrorState error={board.error} retry={() => board.refetch()} title="The leaderboard could not be loaded" />;
  const { variants, reason, effects } = board.data?.[shown] ?? { variants: undefined, reason: "", effects: [] };
  return (
    <Section
      title="Leaderboard"
      description="Bradley-Terry ratings: 400 points are odds of 10 to 1, and the average is 1,000. Brackets are 95% intervals. Variants with overlapping intervals share a rank."
      action={<Choice label="Ratings" names={BOARDS} words={WORDS} chosen={shown} onChoose={setShown} />}
      className="overflow-hidden"
    >
      {variants?.length !== 0 && (
        <PlainTable label="Leaderboard" columns={COLUMNS} rows={variants} idOf={({ variant }) => variant} />
      )}
      {board.data && (
        <div className="flex flex-col gap-1 border-line border-t px-4 py-3 text-sm text-muted">
          {reason && <p>{reason}</p>}
          {effects.length > 0 && <p>{effects.map(effectWords).join(" ")}</p>}
          <Notes board={board.data} />
        </div>
      )}
    </Section>
  );
}

function effectWords({ name, points, interval }: Leaderboard["raw"]["effects"][number]): string {
  const what = name === "length" ? "A longer answer" : `An answer with more ${name}`;
  if (points === null) return `${what}: unknown, because the answers never differ in it.`;
  const sign = points < 0 ? "loses" : "gains";
  const range = interval ? ` [${round(interval.low)}, ${round(interval.high)}]` : "";
  return `${what} ${sign} ${round(Math.abs(points))} points per standard deviation${range}.`;
}

function Notes({ board: { matches, prompts, sides, circles } }: { board: Leaderboard }) {
  const { left, right, leftShare, interval, pValue, isBiased } = sides;
  return (
    <>
      <p>
        {formatNumberOf(matches, "vote")} on {formatNumberOf(prompts, "prompt")}.
        {circles.triples > 0 &&
          ` ${formatCount(circles.circular)} of ${formatNumberOf(circles.triples, "triple")} of answers ${circles.circular === 1 ? "is" : "are"} circular.`}
      </p>
      {leftShare !== null && (
        <p className={isBiased ? "flex items-start gap-1 text-warn" : ""}>
          {isBiased && <TriangleAlert aria-hidden size={14} className="mt-0.5 shrink-0" />}
          <span>
            The left answer won {formatPercent(leftShare)} of {formatCount(left + right)} decided votes
            {interval && ` [${formatPercent(interval.low)}, ${formatPercent(interval.high)}]`}
            {pValue !== null && `, p ${pValue < 0.001 ? "< 0.001" : pValue.toFixed(3)}`}
            {isBiased
              ? ". The position affects the votes, so use the raw ratings with care."
              : ". There is no sign that the position affects the votes."}
          </span>
        </p>
      )}
    </>
  );
}
