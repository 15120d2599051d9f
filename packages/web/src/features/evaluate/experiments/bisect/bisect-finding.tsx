import { Link } from "@tanstack/react-router";
import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { formatValue } from "../../scorers/index.ts";
import { differenceRange, differenceWords, type Output, pWords, testWords } from "../shared/words.ts";
import type { Finding } from "./use-bisects.ts";

type Turned = Finding["turned"][number];
const SHOWN = 10;

/** A change that lowered the score: the effect, its certainty, and the affected items. */
export function BisectFinding({ finding, output }: { finding: Finding; output: Output }) {
  const { step, comparison, share, turned, beforeRunId, afterRunId } = finding;
  const { difference, interval, pValue, test, items, meanBase, meanHead } = comparison;
  const facts = [
    ["Effect", `${differenceWords(difference, output)} ${differenceRange(interval, output)}`],
    ["Share of the drop", share === null ? "–" : `${Math.round(share * 100)}%`],
    ["Before and after", `${formatValue(meanBase, output)} → ${formatValue(meanHead, output)}`],
    ["p", `${pWords(pValue)} (${testWords(test)}, ${formatNumberOf(items, "item")})`],
  ] as const;
  const columns: readonly PlainColumn<Turned>[] = [
    { id: "item", header: "Affected items", cell: ({ itemId }) => <ItemLink itemId={itemId} finding={finding} /> },
    { id: "before", header: "Before", isNumber: true, cell: ({ before }) => formatValue(before, output) },
    { id: "after", header: "After", isNumber: true, cell: ({ after }) => formatValue(after, output) },
  ];
  return (
    <Section
      title={step.label}
      description={
        finding.isCertain ? undefined : "This change is likely, but not certain. More items would give certainty."
      }
      action={
        <Link
          to="/experiments/compare"
          search={{ base: beforeRunId, heads: afterRunId }}
          className="underline underline-offset-2"
        >
          Compare before and after
        </Link>
      }
      className="overflow-hidden"
    >
      <dl className="grid grid-cols-4 gap-x-6 gap-y-2 px-4 pb-3 max-md:grid-cols-2">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-muted">{name}</dt>
            <dd className="num">{value}</dd>
          </div>
        ))}
      </dl>
      {step.before !== step.after && step.kind !== "prompt" && <Change step={step} />}
      {turned.length > 0 && (
        <PlainTable
          label="Affected items"
          columns={columns}
          rows={turned.slice(0, SHOWN)}
          idOf={({ itemId }) => itemId}
        />
      )}
      {turned.length > SHOWN && (
        <p className="px-4 py-2 text-xs text-muted">and {formatCount(turned.length - SHOWN)} more</p>
      )}
    </Section>
  );
}

const Change = ({ step: { before, after } }: Pick<Finding, "step">) => (
  <div className="grid grid-cols-2 gap-3 px-4 pb-3 max-md:grid-cols-1">
    {[before, after].map((text, at) => (
      <div key={at === 0 ? "before" : "after"} className="min-w-0">
        <p className="text-xs text-muted">{at === 0 ? "Before" : "After"}</p>
        <pre className="max-h-40 overflow-auto rounded-control bg-raised p-2 text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">
          {text}
        </pre>
      </div>
    ))}
  </div>
);

const ItemLink = ({ itemId, finding: { beforeRunId, afterRunId } }: { itemId: string; finding: Finding }) => (
  <Link
    to="/experiments/compare"
    search={{ base: beforeRunId, heads: afterRunId, tab: "items", open: itemId }}
    className="[overflow-wrap:anywhere] hover:underline"
  >
    {itemId}
  </Link>
);
