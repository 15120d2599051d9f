import { Link } from "@tanstack/react-router";
import type { SearchMode } from "@treadle/contract";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { pageWords } from "../shared/page-words.ts";
import { formatScore } from "./format-score.ts";
import type { Hit } from "./use-search.ts";

type CardProps = {
  hit: Hit;
  mode: SearchMode;
  place: { readonly knowledgeBaseId: string; readonly version: number };
  isLit: boolean;
  onLight: (chunkId: string | undefined) => void;
};

/** One hit: where it is, its text, and why it was found. */
export function HitCard({ hit, mode, place, isLit, onLight }: CardProps) {
  const { chunkId, text, terms } = hit;
  return (
    <li
      onPointerEnter={() => onLight(chunkId)}
      onPointerLeave={() => onLight(undefined)}
      className={`card flex min-w-0 flex-col gap-1.5 p-3 ${isLit ? "border-accent" : ""}`}
    >
      <TitleLine hit={hit} place={place} />
      <div className="flex min-w-0 flex-col gap-1.5 pl-7">
        <Position hit={hit} />
        <HitText text={text} />
        {mode === "hybrid" && <Places hit={hit} />}
        {terms.length > 0 && <Why terms={terms} />}
      </div>
    </li>
  );
}

const TitleLine = ({ hit: { rank, chunkId, documentId, title, score }, place }: Pick<CardProps, "hit" | "place">) => (
  <div className="flex items-baseline gap-2">
    <span className="num w-5 shrink-0 text-right text-muted">{rank}</span>
    <Link
      to="/knowledge/$knowledgeBaseId/documents/$documentId"
      params={{ knowledgeBaseId: place.knowledgeBaseId, documentId }}
      search={{ chunk: chunkId, version: String(place.version) }}
      className="min-w-0 grow font-medium [overflow-wrap:anywhere] hover:underline"
    >
      {title}
    </Link>
    <span className="num shrink-0 text-muted" title={`Score ${score}`}>
      {formatScore(score)}
    </span>
  </div>
);

/** The headings above the chunk, and its pages. */
function Position({ hit: { headings, page, lastPage } }: { hit: Hit }) {
  const words = [headings.join(" › "), pageWords(page, lastPage)].filter(Boolean).join(" · ");
  return words && <p className="text-xs text-muted [overflow-wrap:anywhere]">{words}</p>;
}

/** A text of this length fits the clamped lines. */
const SHORT = 240;

function HitText({ text }: { text: string }) {
  if (text.length <= SHORT) return <p className="whitespace-pre-line [overflow-wrap:anywhere]">{text}</p>;
  return (
    <details className="group">
      <summary className="list-none text-left [&::-webkit-details-marker]:hidden">
        <span className="line-clamp-4 [overflow-wrap:anywhere] group-open:hidden">{text}</span>
        <span className="text-xs text-muted underline group-open:hidden">Show all</span>
        <span className="hidden text-xs text-muted underline group-open:inline">Show less</span>
      </summary>
      <p className="whitespace-pre-line [overflow-wrap:anywhere]">{text}</p>
    </details>
  );
}

/** The places of a joined hit in both lists. */
const Places = ({ hit: { words, meaning } }: { hit: Hit }) => (
  <dl className="num flex flex-wrap gap-x-4 text-xs text-muted">
    {(
      [
        ["Words", words],
        ["Meaning", meaning],
      ] as const
    ).map(([name, place]) => (
      <div key={name} className="flex gap-1">
        <dt>{name}</dt>
        <dd className={place ? "text-text" : ""}>
          {place ? `rank ${place.rank} (${formatScore(place.score)})` : "not in the list"}
        </dd>
      </div>
    ))}
  </dl>
);

/** What each term of the query adds to the score by words. */
function Why({ terms }: { terms: Hit["terms"] }) {
  const most = Math.max(...terms.map(({ score }) => score), Number.EPSILON);
  return (
    <details className="text-xs">
      <summary className="w-fit text-muted">Why: {formatNumberOf(terms.length, "term")}</summary>
      <table className="mt-1 w-full">
        <thead className="sr-only">
          <tr>
            <th scope="col">Term</th>
            <th scope="col">Share</th>
            <th scope="col">In the chunk</th>
            <th scope="col">Chunks with it</th>
            <th scope="col">Score</th>
          </tr>
        </thead>
        <tbody>
          {terms.map((term) => (
            <TermRow key={term.term} term={term} most={most} />
          ))}
        </tbody>
      </table>
    </details>
  );
}

type TermProps = { term: Hit["terms"][number] /** The highest score of the terms. */; most: number };

const TermRow = ({ term: { term, count, documentFrequency, score }, most }: TermProps) => (
  <tr>
    <td className="pr-2 font-mono [overflow-wrap:anywhere]">{term}</td>
    <td className="w-1/4 pr-2">
      <span aria-hidden className="block h-1.5 rounded-full bg-raised">
        <span
          className="block h-full rounded-full bg-accent"
          style={{ width: `${Math.max(0, (score / most) * 100)}%` }}
        />
      </span>
    </td>
    <td className="num pr-2 text-right whitespace-nowrap text-muted">{formatScore(count)}×</td>
    <td className="num pr-2 text-right whitespace-nowrap text-muted">
      in {formatNumberOf(documentFrequency, "chunk")}
    </td>
    <td className="num text-right">{formatScore(score)}</td>
  </tr>
);
