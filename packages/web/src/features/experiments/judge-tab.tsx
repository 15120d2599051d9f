import { Section } from "../../components/page.tsx";
import { useProject } from "../session/index.ts";
import { JudgeForm } from "./judge-form.tsx";
import { JudgingList } from "./judging-list.tsx";
import type { Run } from "./use-experiments.ts";
import { useJudgings } from "./use-judgings.ts";

const MOST_RUNS = 8;

/** Has a judge say which run's answers are better; under it what judges have said of these runs before. */
export function JudgeTab({ runs }: { runs: readonly Run[] }) {
  const { can } = useProject();
  const ids = runs.map(({ runId }) => runId);
  const list = useJudgings({ runId: ids[0] });
  const earlier = list.data?.filter((judging) => judging.runs.filter(({ runId }) => ids.includes(runId)).length > 1);
  return (
    <>
      {can("experiments:write") && (
        <Section
          title="Ask a judge which answers are better"
          description="A model reads both answers to each item, once in each order. Only an answer that wins in both wins; what changes with the order is a tie."
        >
          {runs.length > MOST_RUNS ? (
            <p className="px-4 pb-4 text-muted">A judge compares at most {MOST_RUNS} runs. Take some away.</p>
          ) : (
            <JudgeForm runs={runs} />
          )}
        </Section>
      )}
      {(earlier?.length ?? 0) > 0 && (
        <Section title="Judged before" className="overflow-hidden">
          <JudgingList judgings={earlier} />
        </Section>
      )}
    </>
  );
}
