import { MoneyCell, TokensCell } from "../../../components/table/cells.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatPercent } from "../../../components/text/format.ts";
import type { Spend, SpendRow } from "./use-spend.ts";

/** The groups with the highest cost first. */
export const SpendTable = ({ spend: { groups, total } }: { spend: Spend }) => (
  <PlainTable label="Spend" columns={columnsFor(total.costUsd)} rows={groups} idOf={({ value }) => value} />
);

const NAME: PlainColumn<SpendRow> = {
  id: "name",
  header: "Name",
  className: "w-full min-w-40",
  cell: ({ name, value }) => (
    <span className={`[overflow-wrap:anywhere] ${name === "" ? "text-muted" : "font-medium"}`} title={value}>
      {name === "" ? "None" : name}
    </span>
  ),
};
const UNPRICED: PlainColumn<SpendRow> = {
  id: "unpriced",
  header: <span title="Calls without a known price. They count as 0">No price</span>,
  isNumber: true,
  isWide: true,
  cell: ({ unpriced }) => <span className={unpriced > 0 ? "text-warn" : "text-muted"}>{formatCount(unpriced)}</span>,
};

const columnsFor = (totalUsd: number): readonly PlainColumn<SpendRow>[] => [
  NAME,
  { id: "requests", header: "Requests", isNumber: true, cell: ({ requests }) => formatCount(requests) },
  {
    id: "tokens",
    header: "Tokens",
    isNumber: true,
    isWide: true,
    cell: ({ inputTokens, outputTokens }) => <TokensCell input={inputTokens} output={outputTokens} />,
  },
  UNPRICED,
  {
    id: "share",
    header: "Share",
    isNumber: true,
    isWide: true,
    cell: ({ costUsd }) => (totalUsd > 0 ? formatPercent(costUsd / totalUsd) : "–"),
  },
  { id: "cost", header: "Cost", isNumber: true, cell: ({ costUsd }) => <MoneyCell usd={costUsd} /> },
];
