import { Activity } from "lucide-react";
import { PageHeader, Section } from "../../../components/layout/page.tsx";
import { Collection } from "../../../components/layout/settings-collection.tsx";
import { useProject } from "../../system/session/index.ts";
import { ScorerSubpages } from "../scorers/index.ts";
import { AgreementDialog } from "./agreement/agreement-dialog.tsx";
import { BackfillDialog } from "./backfill-dialog.tsx";
import { LiveForm } from "./live-form.tsx";
import { LiveScores } from "./live-scores.tsx";
import { LiveTable } from "./live-table.tsx";
import { ScheduleDialog } from "./schedule/schedule-dialog.tsx";
import { type LiveRule, useLiveRules, useRuleChanges } from "./use-live-rules.ts";

/** The rules that score new spans, with their results and cost. */
export function LivePage() {
  const rules = useLiveRules();
  const { remove } = useRuleChanges();
  const canWrite = useProject().can("scorers:write");
  return (
    <Collection<LiveRule, "scores" | "schedule" | "agreement" | "backfill">
      query={rules}
      items={rules.data?.items}
      failure="The rules could not be loaded"
      canWrite={canWrite}
      newLabel="New rule"
      empty={{
        title: "No live scoring rules yet",
        icon: <Activity size={22} />,
        words: "A rule defines which spans to score, the sample size, the scorers and the daily budget.",
      }}
      frame={({ add, content }) => (
        <>
          <PageHeader
            title="Live scoring"
            description="Scores new spans automatically. You can use the scores in filters, dashboards and datasets."
            action={add}
          >
            <ScorerSubpages />
          </PageHeader>
          <div className="px-6 pt-3 pb-8 max-md:px-4">{content}</div>
        </>
      )}
      list={(items, open) => (
        <Section title="Rules" className="overflow-hidden">
          <LiveTable rules={items} canWrite={canWrite} onAct={open} />
        </Section>
      )}
      form={(rule, close) => <LiveForm rule={rule} close={close} />}
      dialogs={{
        scores: (rule, close) => <LiveScores rule={rule} close={close} />,
        schedule: (rule, close) => <ScheduleDialog rule={rule} close={close} />,
        agreement: (rule, close) => <AgreementDialog rule={rule} close={close} />,
        backfill: (rule, close) => <BackfillDialog rule={rule} close={close} />,
      }}
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

const removalOf = ({ ruleId, name }: LiveRule) => ({
  id: ruleId,
  title: `Delete ${name}?`,
  verb: "Delete",
  done: `Deleted ${name}`,
  words:
    "This rule stops scoring. Its scores stay on their spans; the reasons of failed scores are deleted. To stop it temporarily, pause it.",
});
