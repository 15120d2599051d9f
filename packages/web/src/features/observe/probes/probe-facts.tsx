import type { ReactNode } from "react";
import { AgoCell, TimeCell } from "../../../components/table/cells.tsx";
import { formatMoney, formatNumberOf } from "../../../components/text/format.ts";
import { EvidenceBar } from "./probe-state.tsx";
import type { Probe } from "./use-probes.ts";

/** The numbers of a probe in one card. */
export const ProbeFacts = ({ probe }: { probe: Probe }) => (
  <dl className="card grid grid-cols-4 gap-x-6 gap-y-3 px-4 py-3 max-lg:grid-cols-2 max-sm:grid-cols-1">
    <Fact name={`Evidence (threshold ${probe.threshold})`}>
      <EvidenceBar probe={probe} />
    </Fact>
    <Fact name="Prompts">{promptWords(probe)}</Fact>
    <Fact name="Schedule">Once per day, alternating {hoursWords(probe)} UTC</Fact>
    <Fact name="Reference">
      {probe.references === 0 ? (
        "not collected yet"
      ) : (
        <>
          {probe.references} of {probe.hours.length} hours, since <AgoCell iso={probe.referenceSince} />
        </>
      )}
    </Fact>
    <Fact name="Last run">
      <AgoCell iso={probe.lastRunAt} />
    </Fact>
    <Fact name="Next run">{probe.nextRunAt && probe.isEnabled ? <TimeCell iso={probe.nextRunAt} /> : "–"}</Fact>
    <Fact name="Cost per day">{costWords(probe)}</Fact>
    <Fact name="Budgets">{budgetWords(probe)}</Fact>
  </dl>
);

const Fact = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="min-w-0">
    <dt className="text-xs text-muted">{name}</dt>
    <dd className="num [overflow-wrap:anywhere]">{children}</dd>
  </div>
);

const hoursWords = ({ hours }: Probe) => hours.map((hour) => `${String(hour).padStart(2, "0")}:00`).join(" and ");

/** Without a price, the measured cost is 0 and says nothing. */
function costWords({ usdPerDay, estimatedUsdPerDay }: Probe): string {
  if (estimatedUsdPerDay === null) return "unknown price";
  const estimate = `${formatMoney(estimatedUsdPerDay)} estimated`;
  return usdPerDay === null ? estimate : `${formatMoney(usdPerDay)} measured, ${estimate}`;
}

function budgetWords({ dailyBudgetUsd, setUpUsd, setUpBudgetUsd, estimatedUsdPerDay }: Probe): string {
  if (estimatedUsdPerDay === null) return "do not apply, because the price is unknown";
  return `${formatMoney(dailyBudgetUsd)} per day; set-up ${formatMoney(setUpUsd)} of ${formatMoney(setUpBudgetUsd)}`;
}

const WORDS = { border: "border", logprobs: "log-probability", full: "full answer", pinned: "pinned" } as const;

function promptWords({ prompts }: Probe): string {
  const kinds = (["border", "logprobs", "full", "pinned"] as const).filter((kind) => prompts[kind] > 0);
  return kinds.length === 0
    ? "not chosen yet"
    : kinds.map((kind) => formatNumberOf(prompts[kind], WORDS[kind], WORDS[kind])).join(", ");
}
