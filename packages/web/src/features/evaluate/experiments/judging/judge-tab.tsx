import { Section } from "../../../../components/layout/page.tsx";
import { useProject } from "../../../system/session/index.ts";
import type { Run } from "../shared/use-experiments.ts";
import { JudgeForm } from "./judge-form.tsx";
import { JudgingList } from "./judging-list.tsx";
import { useJudgings } from "./use-judgings.ts";

const MOST_RUNS = 8;

/** Starts a pairwise comparison by a judge, and lists the earlier comparisons of these runs. */
export function JudgeTab({ runs }: { runs: readonly Run[] }) {
  const { can } = useProject();
  const ids = runs.map(({ runId }) => runId);
  const list = useJudgings({ runId: ids[0] });
  const earlier = list.data?.filter((judging) => judging.runs.filter(({ runId }) => ids.includes(runId)).length > 1);
  return (
    <>
      {can("experiments:write") && (
        <Section
          title="Compare answers with a judge"
          description="A model reads both answers to each item, in both orders. An answer wins only if it wins in both orders; otherwise the result is a tie."
        >
          {runs.length > MOST_RUNS ? (
            <p className="px-4 pb-4 text-muted">A judge compares at most {MOST_RUNS} runs. Remove some.</p>
          ) : (
            <JudgeForm runs={runs} />
          )}
        </Section>
      )}
      {(earlier?.length ?? 0) > 0 && (
        <Section title="Earlier comparisons" className="overflow-hidden">
          <JudgingList judgings={earlier} />
        </Section>
      )}
    </>
  );
}
