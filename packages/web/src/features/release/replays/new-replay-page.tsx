import { getRouteApi } from "@tanstack/react-router";
import { useState } from "react";
import { useSettled } from "../../../components/browser/use-settled.ts";
import {
  Estimated,
  EstimateNumbers,
  EstimatePanel,
  StartButton,
} from "../../../components/feedback/estimate-panel.tsx";
import { missingWords } from "../../../components/feedback/estimate-words.ts";
import { RunDenied, RunForm } from "../../../components/form/run-form.tsx";
import { useRunStart } from "../../../components/form/use-run-start.ts";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { formatCompact, formatMoney } from "../../../components/text/format.ts";
import { type Problems, ScorerFields } from "../../evaluate/experiments/index.ts";
import { useProject } from "../../system/session/index.ts";
import { CandidateFields } from "./candidate-fields.tsx";
import { recordedFacts } from "./recorded-facts.ts";
import { type Draft, draftFrom, readDraft } from "./replay-draft.ts";
import { TrafficFields } from "./traffic-fields.tsx";
import { type Estimate, useReplayEstimate, useStartReplay } from "./use-replays.ts";

const route = getRouteApi("/shell/replays/new");

/** The form of a replay: recorded calls, candidates and scorers, with an estimate next to it. */
export function NewReplayPage() {
  const { can } = useProject();
  const back = <BackLink to="/replays" label="Replays" />;
  if (!can("experiments:write")) return <RunDenied title="New replay" back={back} denied="You cannot start replays" />;
  return (
    <>
      <PageHeader
        title="New replay"
        back={back}
        description="Tools return the recorded results and are never executed. A call without a recorded result ends the answer as diverged."
      />
      <ReplayForm />
    </>
  );
}

function ReplayForm() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const [draft, setDraft] = useState<Draft>(() => draftFrom(search));
  const { input, problems } = readDraft(draft);
  const run = useRunStart({
    input,
    start: useStartReplay(),
    onStarted: ({ replayId }) => navigate({ to: "/replays/$replayId", params: { replayId } }),
  });
  const change = (next: Partial<Draft>) => setDraft((old) => ({ ...old, ...next }));
  const parts = { draft, change, problems: run.isTried ? problems : NO_PROBLEMS };
  return (
    <RunForm
      onSubmit={run.onSubmit}
      panel={
        <EstimatePanel title="Estimate">
          <ReplayEstimate input={input} problems={problems} />
          <StartButton label="Start replay" {...run.button} />
        </EstimatePanel>
      }
    >
      <TrafficFields {...parts} />
      <CandidateFields {...parts} />
      <ScorerFields {...parts} none="Without a scorer, only the decisions about tools are compared." />
    </RunForm>
  );
}

function ReplayEstimate({ input, problems }: Pick<ReturnType<typeof readDraft>, "input" | "problems">) {
  const estimate = useReplayEstimate(useSettled(input, 600));
  return (
    <Estimated estimate={estimate} missing={missingWords(input !== undefined, problems, WORDS)}>
      {(data) => <Numbers estimate={data} isOld={estimate.isPlaceholderData || estimate.isFetching} />}
    </Estimated>
  );
}

const NO_PROBLEMS: Problems = {};
const WORDS: Readonly<Record<string, string>> = {
  name: "a name",
  source: "the recorded traffic",
  candidates: "the candidates",
  scorers: "the scorers",
  budget: "the budget",
};

function Numbers({ estimate: { recorded, estimate, warnings }, isOld }: { estimate: Estimate; isOld: boolean }) {
  const { answers, inputTokens, outputTokens, usd } = estimate;
  const facts = [
    ...recordedFacts(recorded),
    ["Answers", formatCompact(answers)] as const,
    ["Tokens", `about ${formatCompact(inputTokens)} in, ${formatCompact(outputTokens)} out`] as const,
    ["Cost", usd === null ? "unknown: a price is not set" : `about ${formatMoney(usd)}`] as const,
  ];
  const basis = recorded.withTools > 0 ? `${estimate.basis} Answers that call tools take more calls.` : estimate.basis;
  return <EstimateNumbers facts={facts} isOld={isOld} warnings={[...warnings, ...estimate.warnings]} basis={basis} />;
}
