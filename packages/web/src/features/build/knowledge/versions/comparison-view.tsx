import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import type { Comparison } from "../shared/use-versions.ts";
import { chunkWords } from "./change-words.ts";

const LOOKS = { added: "text-good", changed: "text-info", removed: "text-bad" } as const;

/** The documents that differ between two versions, with their chunks. */
export function ComparisonView({ comparison }: { comparison: Comparison }) {
  const { documents, documentsTotal } = comparison;
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p className="num">{chunkWords(comparison)}</p>
      {documents.length > 0 && (
        <ul
          aria-label="Documents that differ"
          // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled list must be reachable to be scrolled by keyboard.
          tabIndex={0}
          className="max-h-72 divide-y divide-line overflow-y-auto rounded-card border border-line"
        >
          {documents.map((document) => (
            <ChangedDocument key={document.documentId} document={document} />
          ))}
        </ul>
      )}
      {documentsTotal > documents.length && (
        <p className="text-xs text-muted">
          The first {formatCount(documents.length)} of {formatNumberOf(documentsTotal, "document")} are shown.
        </p>
      )}
    </div>
  );
}

type ChangedProps = { document: Comparison["documents"][number] };

const ChangedDocument = ({ document: { title, change, chunksAdded, chunksRemoved } }: ChangedProps) => (
  <li className="flex flex-wrap items-baseline gap-x-3 px-3 py-1.5">
    <span className={`w-16 shrink-0 text-xs ${LOOKS[change]}`}>{change}</span>
    <span className="min-w-0 grow basis-40 [overflow-wrap:anywhere]">{title}</span>
    <span className="num text-xs whitespace-nowrap text-muted">
      +{formatCount(chunksAdded)} −{formatCount(chunksRemoved)} chunks
    </span>
  </li>
);
