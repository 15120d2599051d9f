import { Link } from "@tanstack/react-router";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { pageWords } from "../shared/page-words.ts";
import { partsOf } from "./answer-parts.ts";
import type { KnowledgeAnswer } from "./use-ask.ts";

type ViewProps = { answer: KnowledgeAnswer; knowledgeBaseId: string };
type Passage = KnowledgeAnswer["passages"][number];

/** The answer with its marks as links, and the passages below. */
export function AnswerView({ answer, knowledgeBaseId }: ViewProps) {
  const { passages, version, traceId, isAnswered } = answer;
  return (
    <section aria-label="Answer" className="flex flex-col gap-4">
      <div className="card flex flex-col gap-3 p-4">
        <AnswerText answer={answer} knowledgeBaseId={knowledgeBaseId} />
        <p className="flex flex-wrap gap-x-3 text-xs text-muted">
          {!isAnswered && <span>Not answered by the documents</span>}
          <span className="num">Version {version}</span>
          <span className="num">{formatNumberOf(passages.length, "passage")}</span>
          <Link to="/traces/$traceId" params={{ traceId }} className="text-accent underline underline-offset-2">
            Open trace
          </Link>
        </p>
      </div>
      {passages.length > 0 && (
        <ol className="flex flex-col gap-3" aria-label="Passages">
          {passages.map((passage) => (
            <PassageCard
              key={passage.number}
              passage={passage}
              quotes={answer.citations.filter(({ number }) => number === passage.number).map(({ quote }) => quote)}
              place={{ knowledgeBaseId, version }}
            />
          ))}
        </ol>
      )}
    </section>
  );
}

function AnswerText({ answer, knowledgeBaseId }: ViewProps) {
  const { passages, version } = answer;
  return (
    <p className="whitespace-pre-line [overflow-wrap:anywhere]">
      {partsOf(answer).map(({ text, number, start }) => {
        const passage = number === null ? undefined : passages.find((one) => one.number === number);
        if (!passage) return <span key={start}>{text}</span>;
        return (
          <PassageLink key={start} passage={passage} place={{ knowledgeBaseId, version }}>
            {text}
          </PassageLink>
        );
      })}
    </p>
  );
}

type Place = { readonly knowledgeBaseId: string; readonly version: number };

/** A link to the chunk in the text of its document. */
const PassageLink = ({ passage, place, children }: { passage: Passage; place: Place; children: string }) => (
  <Link
    to="/knowledge/$knowledgeBaseId/documents/$documentId"
    params={{ knowledgeBaseId: place.knowledgeBaseId, documentId: passage.documentId }}
    search={{ chunk: passage.chunkId, version: String(place.version) }}
    title={passage.title}
    className="text-accent underline underline-offset-2"
  >
    {children}
  </Link>
);

type CardProps = { passage: Passage; quotes: readonly string[]; place: Place };

function PassageCard({ passage, quotes, place }: CardProps) {
  const { number, title, page, lastPage, text } = passage;
  return (
    <li className="card flex min-w-0 flex-col gap-1.5 p-3">
      <div className="flex items-baseline gap-2">
        <span className="num w-5 shrink-0 text-right text-muted">{number}</span>
        <PassageLink passage={passage} place={place}>
          {title}
        </PassageLink>
        <span className="ml-auto shrink-0 text-xs text-muted">
          {[pageWords(page, lastPage), quotes.length > 0 && "cited"].filter(Boolean).join(" · ")}
        </span>
      </div>
      <details className="pl-7">
        <summary className="text-sm text-muted">{quotes.length > 0 ? `“${quotes.join("” “")}”` : "Show text"}</summary>
        <p className="mt-1 whitespace-pre-line [overflow-wrap:anywhere]">{text}</p>
      </details>
    </li>
  );
}
