import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf, formatTime } from "../../../../components/text/format.ts";
import { ActionBadge } from "../shared/action-badge.tsx";
import { detectorLabel } from "../shared/detector-words.ts";
import { kindWords, REASON_WORDS } from "../shared/guard-words.ts";
import { languageWords } from "../shared/language-words.ts";
import { countWords, readWords, shareWords } from "../shared/share-words.ts";
import { GroupTable } from "./group-table.tsx";
import { PreviewExamples } from "./preview-examples.tsx";
import type { Preview, PreviewResult } from "./use-previews.ts";

type Rule = PreviewResult["byRule"][number];
type Kind = PreviewResult["byKind"][number];

/** The result of a preview: how many calls it would have affected, and which. */
export const PreviewResultView = ({ preview, result }: { preview: Preview; result: PreviewResult }) => (
  <>
    <Summary preview={preview} result={result} />
    <Section title="Rules">
      <PlainTable label="Rules" columns={RULE_COLUMNS} rows={result.byRule} idOf={({ rule }) => `${rule}`} />
    </Section>
    {result.byKind.length > 0 && (
      <Section title="Kinds of findings">
        <PlainTable
          label="Kinds of findings"
          columns={KIND_COLUMNS}
          rows={result.byKind}
          idOf={({ detector, kind }) => `${detector} ${kind}`}
        />
      </Section>
    )}
    <div className="grid gap-4 lg:grid-cols-3">
      <GroupTable title="Days" noun="Day" groups={result.byDay} />
      <GroupTable title="Endpoints" noun="Endpoint" groups={result.byEndpoint} none="No endpoint" />
      <GroupTable title="Languages" noun="Language" groups={result.byLanguage} wordOf={languageWords} />
    </div>
    {result.examples.length > 0 && <PreviewExamples previewId={preview.previewId} examples={result.examples} />}
  </>
);

function Summary({ preview, result }: { preview: Preview; result: PreviewResult }) {
  const { affected, actions } = result;
  return (
    <Section title="Result" description={`Calls from ${formatTime(preview.from)} to ${formatTime(preview.to)}.`}>
      <div className="flex flex-col gap-2 px-4 pb-4">
        {affected.share === null ? (
          <p>No stored call matches. Choose a longer period, or change what the policy applies to.</p>
        ) : (
          <p className="num text-lg">
            <strong>{formatCount(affected.count)}</strong> of {formatCount(affected.of)} calls would have been changed
            or blocked: {shareWords(affected)}.
          </p>
        )}
        <ul className="flex flex-wrap gap-x-4 gap-y-1">
          {actions.map(({ action, calls }) => (
            <li key={action} className="num inline-flex items-center gap-1.5">
              <ActionBadge action={action} /> {countWords(calls)}
            </li>
          ))}
        </ul>
        <Reading result={result} />
      </div>
    </Section>
  );
}

/** What was read, and what is missing from the result. */
const Reading = ({ result }: { result: PreviewResult }) => (
  <ul className="text-muted">
    {readWords(result).map((words) => (
      <li key={words}>{words}</li>
    ))}
    {result.notScanned.map(({ reason, texts, calls }) => (
      <li key={reason}>
        Not scanned: {formatNumberOf(texts, "text")} in {formatNumberOf(calls, "call")}. {REASON_WORDS[reason].words}
      </li>
    ))}
  </ul>
);

const RULE_COLUMNS: readonly PlainColumn<Rule>[] = [
  {
    id: "rule",
    header: "Rule",
    className: "w-full",
    cell: ({ rule, detector, action }) => (
      <span className="inline-flex flex-wrap items-center gap-1.5">
        {rule + 1}. {detectorLabel(detector)} <ActionBadge action={action} />
      </span>
    ),
  },
  { id: "calls", header: "Calls with a finding", isNumber: true, cell: ({ calls }) => countWords(calls) },
  { id: "findings", header: "Findings", isNumber: true, isWide: true, cell: ({ findings }) => formatCount(findings) },
  {
    id: "missed",
    header: "Texts not scanned",
    isNumber: true,
    isWide: true,
    cell: ({ notScanned }) => formatCount(notScanned),
  },
];

const KIND_COLUMNS: readonly PlainColumn<Kind>[] = [
  {
    id: "kind",
    header: "Kind",
    className: "w-full",
    cell: ({ kind, detector }) => (
      <>
        {kindWords(kind, detector)} <span className="text-muted">{detectorLabel(detector)}</span>
      </>
    ),
  },
  { id: "calls", header: "Calls", isNumber: true, cell: ({ calls }) => countWords(calls) },
  { id: "findings", header: "Findings", isNumber: true, isWide: true, cell: ({ findings }) => formatCount(findings) },
];
