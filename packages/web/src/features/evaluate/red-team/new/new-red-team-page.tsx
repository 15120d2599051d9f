import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { EstimateFacts, EstimatePanel, StartButton } from "../../../../components/feedback/estimate-panel.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { RunDenied, RunForm } from "../../../../components/form/run-form.tsx";
import { useRunStart } from "../../../../components/form/use-run-start.ts";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { formatCount } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import type { Problems } from "../../experiments/index.ts";
import { type Catalogue, useCatalogue, useRedTeamChanges } from "../shared/use-red-team.ts";
import { ArmFields } from "./arm-fields.tsx";
import { CheckList } from "./check-list.tsx";
import { LimitFields } from "./limit-fields.tsx";
import { answersOf, type Draft, type FormProps, newDraft, readDraft } from "./red-team-draft.ts";
import { TargetFields } from "./target-fields.tsx";

/** The form of a red team run. */
export function NewRedTeamPage() {
  const { can } = useProject();
  const { data, error, refetch } = useCatalogue();
  const back = <BackLink to="/red-team" label="Red team" />;
  if (!can("experiments:write"))
    return <RunDenied title="New red team run" back={back} denied="You cannot start red team runs" />;
  return (
    <>
      <PageHeader
        title="New red team run"
        back={back}
        description="The attacks are harmless: they look for invented secrets, and no tool is executed."
      />
      {data ? (
        <RedTeamForm catalogue={data} />
      ) : error ? (
        <ErrorState error={error} retry={() => refetch()} title="The form could not be loaded" />
      ) : (
        <Skeleton className="mx-6 h-80 rounded-card" />
      )}
    </>
  );
}

function RedTeamForm({ catalogue }: { catalogue: Catalogue }) {
  const navigate = useNavigate();
  const { can } = useProject();
  const [draft, setDraft] = useState<Draft>(() => newDraft(can("guards:write")));
  const { input, problems } = readDraft(draft);
  const run = useRunStart({
    input,
    start: useRedTeamChanges().start,
    onStarted: ({ redTeamRunId }) => navigate({ to: "/red-team/$redTeamRunId", params: { redTeamRunId } }),
  });
  const change = (next: Partial<Draft>) => setDraft((old) => ({ ...old, ...next }));
  const parts = { draft, change, problems: run.isTried ? problems : NO_PROBLEMS };
  return (
    <RunForm
      onSubmit={run.onSubmit}
      panel={
        <EstimatePanel title="Size">
          <Size draft={draft} />
          <StartButton label="Start run" {...run.button} />
        </EstimatePanel>
      }
    >
      <TargetFields {...parts} />
      <AttackFields catalogue={catalogue} {...parts} />
      <ArmFields {...parts} />
      <LimitFields {...parts} />
    </RunForm>
  );
}

const AttackFields = ({ catalogue, draft, change, problems }: FormProps & { catalogue: Catalogue }) => (
  <>
    <CheckList
      title="Plugins"
      description="What is attacked."
      options={catalogue.plugins.map(({ plugin: id, label, summary }) => ({ id, label, summary }))}
      chosen={draft.plugins}
      onChange={(plugins) => change({ plugins })}
      error={problems.plugins}
    />
    <CheckList
      title="Strategies"
      description="How each attack is disguised."
      options={catalogue.strategies.map(({ strategy: id, label, summary }) => ({ id, label, summary }))}
      chosen={draft.strategies}
      onChange={(strategies) => change({ strategies })}
      error={problems.strategies}
    />
  </>
);

const NO_PROBLEMS: Problems = {};

function Size({ draft }: { draft: Draft }) {
  const { plugins, strategies, attacksPerPair, harmlessPerPair, arms, calls } = draft;
  const cells = plugins.length * strategies.length;
  const answers = answersOf(draft);
  return (
    <>
      <EstimateFacts
        facts={[
          ["Cells", `${formatCount(plugins.length)} × ${formatCount(strategies.length)} = ${formatCount(cells)}`],
          ["Attacks per arm", formatCount(cells * attacksPerPair)],
          ["Harmless requests per arm", formatCount(cells * Math.max(0, harmlessPerPair))],
          ["Arms", formatCount(arms.length)],
          ["Answers", formatCount(Math.max(0, answers))],
        ]}
      />
      {answers > calls && (
        <p className="rounded-control bg-warn-soft px-3 py-2">
          That is more than {formatCount(calls)} calls. Raise the limit, or choose less.
        </p>
      )}
      <p className="text-xs text-muted">The judge and the attacker need further calls.</p>
    </>
  );
}
