import { Link } from "@tanstack/react-router";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { FoldedText } from "../../../components/text/folded-text.tsx";
import { formatPercent } from "../../../components/text/format.ts";
import { formatP } from "./drift-words.tsx";
import type { DriftReport } from "./use-drift.ts";

/** The words, topics and example texts of a day. */
export function ChangedTexts({ report }: { report: DriftReport }) {
  const { words, clusters, currentExamples, referenceExamples } = report;
  return (
    <>
      <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
        <WordList title="More frequent words" words={words.filter(({ z }) => z > 0)} />
        <WordList title="Less frequent words" words={words.filter(({ z }) => z < 0).toReversed()} />
      </div>
      {currentExamples.length > 0 && (
        <div className="grid grid-cols-2 gap-4 max-lg:grid-cols-1">
          <Examples title="Most typical of the day" examples={currentExamples} />
          <Examples title="Most typical of the reference" examples={referenceExamples} />
        </div>
      )}
      {clusters.length > 0 && <ClusterTable clusters={clusters} />}
    </>
  );
}

function WordList({ title, words }: { title: string; words: DriftReport["words"] }) {
  return (
    <Section title={title}>
      {words.length === 0 ? (
        <p className="px-4 pb-4 text-muted">No word differs significantly.</p>
      ) : (
        <ul className="flex flex-wrap gap-1.5 px-4 pb-4">
          {words.map(({ word, referenceShare, currentShare }) => (
            <li
              key={word}
              className="rounded-control border border-line px-2 py-0.5"
              title={`${formatPercent(referenceShare)} of the reference, ${formatPercent(currentShare)} of the day`}
            >
              <span dir="auto">{word}</span>{" "}
              <span className="num text-xs text-muted">
                {formatPercent(referenceShare)} → {formatPercent(currentShare)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Section>
  );
}

function Examples({ title, examples }: { title: string; examples: DriftReport["currentExamples"] }) {
  return (
    <Section title={title}>
      <ul className="flex flex-col">
        {examples.map(({ traceId, spanId, text, userId, score }) => (
          <li key={`${traceId} ${spanId} ${score} ${text}`} className="border-line border-t px-4 py-2">
            {text === "" ? (
              <p className="text-muted">The text is not available: the trace was deleted, or you cannot read it.</p>
            ) : (
              <FoldedText text={text} />
            )}
            <p className="mt-0.5 flex flex-wrap gap-x-3 text-xs text-muted">
              {userId !== "" && <span className="[overflow-wrap:anywhere]">{userId}</span>}
              {traceId !== null && text !== "" && (
                <Link to="/traces/$traceId" params={{ traceId }} className="text-accent hover:underline">
                  Open trace
                </Link>
              )}
            </p>
          </li>
        ))}
      </ul>
    </Section>
  );
}

type Cluster = DriftReport["clusters"][number];

const ClusterTable = ({ clusters }: { clusters: readonly Cluster[] }) => (
  <Section
    title="Topics"
    description="Topics are groups of similar texts in the reference. A new topic is far from all of them."
    className="overflow-hidden"
  >
    <PlainTable label="Topics" columns={COLUMNS} rows={clusters} idOf={({ cluster }) => String(cluster)} />
  </Section>
);

const points = (share: number) => `${share < 0 ? "−" : "+"}${Math.abs(share * 100).toFixed(1)}`;

const COLUMNS: readonly PlainColumn<Cluster>[] = [
  {
    id: "topic",
    header: "Topic",
    className: "w-full min-w-28",
    cell: ({ cluster, words }) => (
      <span className="flex flex-col">
        <span className="font-medium">{cluster < 0 ? "New topic" : `Topic ${cluster + 1}`}</span>
        <span className="text-xs text-muted [overflow-wrap:anywhere]">{words.join(", ")}</span>
      </span>
    ),
  },
  {
    id: "reference",
    header: "Reference",
    isNumber: true,
    cell: ({ referenceShare }) => formatPercent(referenceShare),
  },
  { id: "current", header: "Day", isNumber: true, cell: ({ currentShare }) => formatPercent(currentShare) },
  {
    id: "interval",
    header: "Change, 95% interval (points)",
    isNumber: true,
    isWide: true,
    cell: ({ lower, upper }) => (lower === null || upper === null ? "–" : `${points(lower)} to ${points(upper)}`),
  },
  { id: "p", header: "p", isNumber: true, isWide: true, cell: ({ pValue }) => formatP(pValue) },
];
