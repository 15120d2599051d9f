import type { QualityReport } from "@treadle/contract";
import { formatCompact, formatCount, formatMoney } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";

type Tokens = QualityReport["tokens"][number];

const count = (value: number) => <span title={formatCount(value)}>{formatCompact(value)}</span>;
const money = (usd: number | null) =>
  usd === null ? <span className="text-muted">no price</span> : <span title={`$${usd}`}>{formatMoney(usd)}</span>;

const COLUMNS: readonly PlainColumn<Tokens>[] = [
  {
    id: "model",
    header: "Model",
    className: "w-full",
    cell: ({ provider, model, tokenizer, isExact }) => (
      <span>
        {model} <span className="text-muted">{provider}</span>
        {!isExact && (
          <span title={`Its own tokenizer is not known; counted with ${tokenizer}`} className="ml-2 text-xs text-warn">
            about
          </span>
        )}
      </span>
    ),
  },
  { id: "input", header: "Input tokens", isNumber: true, cell: ({ inputTokens }) => count(inputTokens) },
  {
    id: "output",
    header: "Expected tokens",
    isNumber: true,
    isWide: true,
    cell: ({ outputTokens }) => count(outputTokens),
  },
  { id: "run", header: "To run once", isNumber: true, cell: ({ runUsd }) => money(runUsd) },
  {
    id: "training",
    header: "Training tokens",
    isNumber: true,
    isWide: true,
    cell: ({ trainingTokens }) => count(trainingTokens),
  },
  { id: "train", header: "To train", isNumber: true, isWide: true, cell: ({ trainUsd }) => money(trainUsd) },
];

/** How many tokens the items have for a model, and what these cost. */
export function TokenTable({ tokens, epochs }: { tokens: readonly Tokens[]; epochs: number }) {
  if (tokens.length === 0) return null;
  return (
    <Section
      title="Tokens and cost"
      description={`To ask each input once, and to train over everything ${formatCount(epochs)} ${epochs === 1 ? "time" : "times"}.`}
    >
      <PlainTable
        label="Tokens and cost"
        columns={COLUMNS}
        rows={tokens}
        idOf={({ provider, model }) => `${provider}/${model}`}
      />
    </Section>
  );
}
