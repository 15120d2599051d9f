import type { QualityReport } from "@treadle/contract";
import { Section } from "../../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatCompact, formatCount, formatMoney, formatNumberOf } from "../../../../components/text/format.ts";

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
          <span
            title={`The tokenizer of this model is unknown, so ${tokenizer} is used`}
            className="ml-2 text-xs text-warn"
          >
            estimated
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
  { id: "run", header: "Inference cost", isNumber: true, cell: ({ runUsd }) => money(runUsd) },
  {
    id: "training",
    header: "Training tokens",
    isNumber: true,
    isWide: true,
    cell: ({ trainingTokens }) => count(trainingTokens),
  },
  { id: "train", header: "Training cost", isNumber: true, isWide: true, cell: ({ trainUsd }) => money(trainUsd) },
];

/** The number of tokens per model, and their cost. */
export function TokenTable({ tokens, epochs }: { tokens: readonly Tokens[]; epochs: number }) {
  if (tokens.length === 0) return null;
  return (
    <Section
      title="Tokens and cost"
      description={`The cost to run each input once, and to train for ${formatNumberOf(epochs, "epoch")}.`}
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
