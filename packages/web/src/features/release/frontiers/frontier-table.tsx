import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatCount, formatPercent, formatShortMoney } from "../../../components/text/format.ts";
import type { Frontier, FrontierVariant } from "./use-frontier.ts";

/** The numbers behind the chart. */
export const FrontierTable = ({ frontier }: { frontier: Frontier }) => (
  <Section
    title="Variants"
    description="The intervals hold at every look. A variant is compared with the current one on the days that both answered."
    className="overflow-hidden"
  >
    <PlainTable
      label="Variants"
      columns={columnsOf(frontier)}
      rows={frontier.variants}
      idOf={({ variant }) => variant}
    />
  </Section>
);

function columnsOf({ quality }: Frontier): readonly PlainColumn<FrontierVariant>[] {
  const show = (value: number) => {
    const size = Math.abs(value);
    const text = quality === "success" ? formatPercent(size) : String(Number(size.toPrecision(3)));
    return value < 0 ? `−${text}` : text;
  };
  return [
    {
      id: "variant",
      header: "Variant",
      className: "w-full min-w-28",
      cell: (variant) => <Variant variant={variant} />,
    },
    {
      id: "cost",
      header: "Cost per request",
      isNumber: true,
      cell: ({ cost }) => <Value estimate={cost} show={formatShortMoney} />,
    },
    { id: "quality", header: "Quality", isNumber: true, cell: (one) => <Value estimate={one.quality} show={show} /> },
    {
      id: "harm",
      header: "Worse than current",
      isNumber: true,
      isWide: true,
      cell: ({ qualityHarm }) => <Harm harm={qualityHarm} show={show} />,
    },
    { id: "verdict", header: "Not worse", className: "whitespace-nowrap", cell: (one) => <NotWorse variant={one} /> },
  ];
}

const Variant = ({ variant: { variant, isCurrent, isOnFrontier } }: { variant: FrontierVariant }) => (
  <span className="flex flex-col">
    <span className="font-medium [overflow-wrap:anywhere]">{variant}</span>
    <span className="text-xs text-muted">
      {[isCurrent && "current", isOnFrontier && "on the frontier"].filter(Boolean).join(", ")}
    </span>
  </span>
);

type Show = (value: number) => string;

function Value({
  estimate: { mean, lowerBound, upperBound, units },
  show,
}: {
  estimate: FrontierVariant["cost"];
  show: Show;
}) {
  if (mean === null) return <span className="text-muted">–</span>;
  return (
    <span className="flex flex-col items-end">
      <span>{show(mean)}</span>
      <span className="text-xs text-muted">
        {lowerBound === null || upperBound === null
          ? `${formatCount(units)} units`
          : `${show(lowerBound)} to ${show(upperBound)}`}
      </span>
    </span>
  );
}

function Harm({ harm, show }: { harm: FrontierVariant["qualityHarm"]; show: Show }) {
  if (harm === null) return <span className="text-muted">–</span>;
  return (
    <span className="flex flex-col items-end">
      <span>{show(harm.harm)}</span>
      <span className="text-xs text-muted">
        {show(harm.lowerBound)} to {show(harm.upperBound)}
      </span>
    </span>
  );
}

function NotWorse({ variant: { isNotWorse, qualityHarm } }: { variant: FrontierVariant }) {
  if (isNotWorse === null) return <span className="text-muted">–</span>;
  if (isNotWorse) return <span className="text-good">● Shown</span>;
  return qualityHarm !== null && qualityHarm.lowerBound > 0 ? (
    <span className="text-bad">● Worse</span>
  ) : (
    <span className="text-muted">● Not shown</span>
  );
}
