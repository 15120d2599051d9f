import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatPercent } from "../../../components/text/format.ts";
import type { DriftRun } from "./use-drift.ts";

type Explanation = DriftRun["explanations"][number];

/** Where the strongest change comes from, the most likely explanation first. */
export const ExplanationTable = ({ explanations }: { explanations: readonly Explanation[] }) => (
  <Section
    title="Where it comes from"
    description="The values that explain the strongest change, the most likely explanation first."
    className="overflow-hidden"
  >
    <PlainTable
      label="Explanations"
      columns={COLUMNS}
      rows={explanations}
      idOf={({ dimension, value }) => `${dimension} ${value}`}
    />
  </Section>
);

const WORDS: Readonly<Record<Explanation["dimension"], string>> = {
  release: "Release",
  prompt: "Prompt version",
  model: "Model",
  user: "User",
  tenant: "Tenant",
  language: "Language",
};

const COLUMNS: readonly PlainColumn<Explanation>[] = [
  {
    id: "value",
    header: "Value",
    className: "w-full min-w-28",
    cell: ({ dimension, value }) => (
      <span className="flex flex-col">
        <span className="font-medium [overflow-wrap:anywhere]">{value === "" ? "none" : value}</span>
        <span className="text-xs text-muted">{WORDS[dimension]}</span>
      </span>
    ),
  },
  { id: "new", header: "Of the new texts", isNumber: true, cell: ({ newShare }) => formatPercent(newShare) },
  {
    id: "explained",
    header: "Of the change",
    isNumber: true,
    isWide: true,
    cell: ({ explained }) => formatPercent(Math.max(0, Math.min(1, explained))),
  },
  {
    id: "reference",
    header: "Reference",
    isNumber: true,
    isWide: true,
    cell: ({ referenceShare }) => formatPercent(referenceShare),
  },
  { id: "current", header: "Day", isNumber: true, cell: ({ currentShare }) => formatPercent(currentShare) },
];
