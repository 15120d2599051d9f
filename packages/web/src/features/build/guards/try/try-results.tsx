import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatDuration, formatNumberOf } from "../../../../components/text/format.ts";
import { ActionBadge, OutcomeBadge } from "../shared/action-badge.tsx";
import { kindWords, REASON_WORDS, trustLabel, viewWords } from "../shared/guard-words.ts";
import { scoreWords } from "../shared/score-words.ts";
import type { CheckedText, CheckInput, Verdict } from "../shared/use-guards.ts";
import { type FindingGroup, groupFindings } from "./marked-parts.ts";
import { MarkedText } from "./marked-text.tsx";
import { textAt } from "./read-content.ts";

type ResultsProps = {
  verdict: Verdict;
  /** The content that was checked. */
  body: CheckInput;
  /** Whether the rules or the content have changed since. */
  isOld: boolean;
};

/** What the rules found in each text, and the text that the model would get. */
export const TryResults = ({ verdict: { action, texts, ms }, body, isOld }: ResultsProps) => (
  <section aria-label="Result" className="flex min-w-0 flex-col gap-3 border-line border-t pt-3">
    <p role="status" className="flex flex-wrap items-center gap-x-3 gap-y-1">
      <OutcomeBadge action={action} />
      <span className="num text-muted">
        {formatNumberOf(texts.length, "text")} in {formatDuration(ms)}
      </span>
      {isOld && <span className="text-xs text-warn">The rules or the content changed. Check again.</span>}
    </p>
    <ol className="flex min-w-0 flex-col gap-4">
      {texts.map((text) => (
        <TextResult key={text.path} checked={text} original={textAt(body, text.path)} />
      ))}
    </ol>
  </section>
);

function TextResult({ checked, original }: { checked: CheckedText; original: string | undefined }) {
  const { path, trust, action, text, findings, notScanned } = checked;
  return (
    <li className="flex min-w-0 flex-col gap-2">
      <p className="flex flex-wrap items-baseline gap-x-2 text-xs text-muted">
        <span className="font-medium text-text">{trustLabel(trust)}</span>
        {path !== "text" && <code className="break-all">{path}</code>}
        {path !== "text" && <OutcomeBadge action={action} />}
      </p>
      {notScanned !== null && (
        <p className="rounded-control bg-warn-soft px-2.5 py-1.5 text-xs">
          Not scanned by every rule: {REASON_WORDS[notScanned].label.toLowerCase()}. {REASON_WORDS[notScanned].words}
        </p>
      )}
      {original !== undefined && <MarkedText text={original} findings={findings} />}
      {findings.length > 0 && <FindingTable findings={findings} />}
      {text !== null && <ChangedText text={text} />}
      {action === "block" && <p className="text-xs text-bad">The request would be rejected, or the answer withheld.</p>}
    </li>
  );
}

const ChangedText = ({ text }: { text: string }) => (
  <div className="min-w-0">
    <h3 className="mb-1 text-xs text-muted">Text after the rules</h3>
    <p className="max-h-60 overflow-y-auto rounded-control border border-line bg-raised px-2.5 py-1.5 whitespace-pre-wrap [overflow-wrap:anywhere]">
      {text}
    </p>
  </div>
);

const FindingTable = ({ findings }: Pick<CheckedText, "findings">) => (
  // The cells begin at the edge of the texts above them.
  <div className="-mx-4">
    <PlainTable
      label="Findings"
      columns={COLUMNS}
      rows={groupFindings(findings)}
      idOf={({ rule, kind, view }) => `${rule} ${kind} ${view}`}
    />
  </div>
);

const COLUMNS: readonly PlainColumn<FindingGroup>[] = [
  {
    id: "kind",
    header: "Finding",
    className: "w-full",
    cell: ({ rule, kind, detector, view, count }) => (
      <>
        <span className="[overflow-wrap:anywhere]">
          {kindWords(kind, detector)}
          {count > 1 && <span className="num text-muted"> ×{count}</span>}
        </span>
        <span className="block text-xs text-muted">
          rule {rule + 1}, {viewWords(view)}
        </span>
      </>
    ),
  },
  { id: "action", header: "Action", cell: ({ action }) => <ActionBadge action={action} /> },
  { id: "score", header: "Score", isNumber: true, cell: ({ score }) => scoreWords(score) },
];
