import { Users } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { SearchField } from "../../../../components/form/search-field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatNumberOf, formatPercent } from "../../../../components/text/format.ts";
import { EstimateCell } from "./estimate-cell.tsx";
import { type QuestionAgreement, useAgreement } from "./use-queue-reports.ts";

type TabProps = { queueId: string; slice: string | undefined; onSlice: (slice: string) => void };

/** The agreement between annotators on each question, with intervals and slices. */
export function AgreementTab({ queueId, slice, onSlice }: TabProps) {
  const agreement = useAgreement(queueId, slice);
  const { data } = agreement;
  if (agreement.error && !data)
    return (
      <ErrorState error={agreement.error} retry={() => agreement.refetch()} title="The agreement could not be loaded" />
    );
  if (!data) return <Skeleton className="h-60" />;
  if (data.measuredItems === 0)
    return (
      <EmptyState title="No agreement data yet" icon={<Users size={22} />}>
        Agreement appears when two people have answered the same item.
      </EmptyState>
    );
  return (
    <>
      <div className="flex flex-wrap items-center gap-3">
        <SearchField
          label="Slice by metadata"
          placeholder="Slice by metadata, such as language"
          word={slice ?? ""}
          onChange={onSlice}
        />
        <p className="num text-muted">
          Based on {formatNumberOf(data.measuredItems, "item")}
          {data.isPartial && ", the newest only"}. Brackets are 95% intervals.
        </p>
      </div>
      {data.items.map((question) => (
        <Section key={question.question} title={question.title} className="overflow-hidden">
          {question.scale === "none" ? (
            <p className="px-4 pb-4 text-muted">Texts are not compared.</p>
          ) : (
            <Figures question={question} />
          )}
        </Section>
      ))}
    </>
  );
}

function Figures({ question }: { question: QuestionAgreement }) {
  const rows = [{ value: "", ...question }, ...question.slices];
  const isMarks = question.scale === "marks";
  return (
    <div className="overflow-x-auto">
      <table aria-label={`Agreement on ${question.title}`} className="num w-full">
        <thead>
          <tr className="border-line border-b text-left text-xs text-muted">
            <th className="h-8 w-full px-2 pl-4 font-normal">{question.slices.length > 0 ? "Slice" : "Scope"}</th>
            <th className="px-2 text-right font-normal">Items</th>
            <th className="px-2 font-normal whitespace-nowrap last:pr-4">
              {isMarks ? "F1 of marked characters" : "Same answers"}
            </th>
            {!isMarks && (
              <>
                <th className="px-2 font-normal whitespace-nowrap">
                  {question.kappaKind === "cohen" ? "Cohen's κ" : "Fleiss' κ"}
                </th>
                <th className="px-2 pr-4 font-normal whitespace-nowrap">Krippendorff's α ({question.scale})</th>
              </>
            )}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.value} className="border-line border-b last:border-0">
              <td className="h-(--row-height) min-w-24 px-2 pl-4 [overflow-wrap:anywhere]">
                {row.value || "all items"}
              </td>
              <td className="px-2 text-right">{formatCount(row.items)}</td>
              <td className="px-2 last:pr-4">
                <EstimateCell estimate={row.raw} format={isMarks ? undefined : formatPercent} />
              </td>
              {!isMarks && (
                <>
                  <td className="px-2">
                    <EstimateCell estimate={row.kappa} />
                  </td>
                  <td className="px-2 pr-4">
                    <EstimateCell estimate={row.alpha} />
                  </td>
                </>
              )}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
