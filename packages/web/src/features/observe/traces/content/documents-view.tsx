import { ChevronRight } from "lucide-react";
import { useState } from "react";
import { JsonView } from "../../../../components/content/json-tree.tsx";
import { FoldedText } from "../../../../components/text/folded-text.tsx";
import type { RetrievedDocument } from "./documents.ts";

/** What was looked up, best first as it came: a line each with its score, opened for its text. */
export function DocumentsView({ documents }: { documents: readonly RetrievedDocument[] }) {
  // Scores have no common scale, so a bar shows each against the highest.
  const highest = Math.max(0, ...documents.map(({ score }) => score ?? 0));
  return (
    <ol className="card divide-y divide-line">
      {documents.map((document, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the documents of a finished span never move.
        <DocumentItem key={index} document={document} number={index + 1} highest={highest} />
      ))}
    </ol>
  );
}

type ItemProps = { document: RetrievedDocument; number: number; highest: number };

function DocumentItem({ document, number, highest }: ItemProps) {
  const { id, title, score, content, rest } = document;
  const [isOpen, setIsOpen] = useState(number === 1);
  const text = typeof content === "string" ? content : undefined;
  return (
    <li>
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setIsOpen(!isOpen)}
        className="flex w-full min-w-0 items-center gap-2 px-3 py-2 text-left hover:bg-raised"
      >
        <ChevronRight
          aria-hidden
          size={14}
          className={`shrink-0 text-muted transition-transform duration-120 ${isOpen ? "rotate-90" : ""}`}
        />
        <span className="num shrink-0 text-xs text-muted">{number}</span>
        <span className="min-w-0 grow truncate">
          <span className="font-medium">{title || id || "Document"}</span>
          {!isOpen && text && <span className="ml-2 text-muted">{text.slice(0, 200)}</span>}
        </span>
        {score !== null && (
          <span className="flex shrink-0 items-center gap-1.5" title={`Score ${score}`}>
            <span aria-hidden className="h-1.5 w-14 overflow-hidden rounded-full bg-line max-md:hidden">
              <span
                className="block h-full rounded-full bg-accent"
                style={{ width: `${highest > 0 ? Math.max(0, (score / highest) * 100) : 0}%` }}
              />
            </span>
            <span className="num text-xs">{Number(score.toPrecision(3))}</span>
          </span>
        )}
      </button>
      {isOpen && (
        <div className="flex flex-col gap-2 px-3 pb-3 pl-9">
          {text === undefined ? <JsonView value={content} label="Document" /> : <FoldedText text={text} />}
          {id && title && <code className="text-xs text-muted">{id}</code>}
          {Object.keys(rest).length > 0 && <JsonView value={rest} label="Document metadata" />}
        </div>
      )}
    </li>
  );
}
