import { useState } from "react";
import { Section } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import type { Report } from "../shared/use-red-team.ts";
import { ArmTable } from "./arm-table.tsx";
import { RiskTable } from "./risk-table.tsx";

const VIEWS = ["Plugins", "Strategies", "Lists of risks"] as const;

/** The arms by plugin, by strategy, and by the entries of public lists. */
export function Breakdown({ report, names }: { report: Report; names: Readonly<Record<string, string>> }) {
  const [view, setView] = useState<(typeof VIEWS)[number]>("Plugins");
  const groups = view === "Plugins" ? report.plugins : report.strategies;
  return (
    <Section
      title="Breakdown"
      description="Lists of risks show the entries that these plugins belong to."
      className="overflow-hidden"
    >
      <div className="px-4">
        <Tabs label="Breakdown" names={VIEWS} shown={view} onShow={setView} />
      </div>
      <div role="tabpanel" aria-label={view}>
        {view === "Lists of risks" ? (
          <RiskTable report={report} names={names} />
        ) : (
          <ArmTable
            label={view}
            header={view === "Plugins" ? "Plugin" : "Strategy"}
            arms={report.arms}
            groups={groups.map((group) => ({ name: names[group.plugin ?? group.strategy ?? ""] ?? "", group }))}
          />
        )}
      </div>
    </Section>
  );
}
