import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import type { RunSearch } from "../shared/run-search.ts";
import type { AttackQuery, Catalogue, RedTeamRun, Report } from "../shared/use-red-team.ts";
import { AttackList } from "./attack-list.tsx";
import { labelsOf, Matrix } from "./matrix.tsx";

const route = getRouteApi("/shell/red-team/$redTeamRunId");

export type ResultProps = { run: RedTeamRun; report: Report; catalogue: Catalogue };

/** The matrix, and the attacks of its chosen cell. */
export function Cells({ run, report, catalogue }: ResultProps) {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const arm = Math.min(search.arm ?? 0, report.arms.length - 1);
  const plugin = run.plugins.find((one) => one === search.plugin);
  const strategy = run.strategies.find((one) => one === search.strategy);
  const change = (next: RunSearch) =>
    void navigate({ search: (old) => ({ ...old, ...next }), replace: true, resetScroll: false });
  return (
    <>
      <Section title="Plugins and strategies" description="The share of attacks that succeeded.">
        <Matrix
          run={run}
          report={report}
          catalogue={catalogue}
          arm={arm}
          onArm={(next) => change({ arm: next })}
          chosen={plugin && strategy ? { plugin, strategy } : null}
          onChoose={(cell) => change({ plugin: cell.plugin ?? undefined, strategy: cell.strategy ?? undefined })}
        />
      </Section>
      <Attacks run={run} names={labelsOf(catalogue)} arm={arm} cell={{ plugin, strategy }} onAll={() => change(ALL)} />
    </>
  );
}

const ALL: RunSearch = { plugin: undefined, strategy: undefined };

type AttackProps = {
  run: RedTeamRun;
  names: Readonly<Record<string, string>>;
  arm: number;
  cell: Pick<AttackQuery, "plugin" | "strategy">;
  onAll: () => void;
};

function Attacks({ run, names, arm, cell, onAll }: AttackProps) {
  const [isOnlySuccess, setIsOnlySuccess] = useState(true);
  const { plugin, strategy } = cell;
  const all = (
    <Button size="small" onClick={onAll}>
      Show all attacks
    </Button>
  );
  return (
    <Section
      title={plugin && strategy ? `Attacks: ${names[plugin]} × ${names[strategy]}` : "Attacks"}
      className="overflow-hidden"
      action={(plugin || strategy) && all}
    >
      <AttackList
        run={run}
        query={{ ...cell, succeededIn: isOnlySuccess ? arm : undefined }}
        names={names}
        isOnlySuccess={isOnlySuccess}
        onOnlySuccess={setIsOnlySuccess}
      />
    </Section>
  );
}
