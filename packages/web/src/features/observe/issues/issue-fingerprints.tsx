import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatNumberOf } from "../../../components/text/format.ts";
import { type IssueDetail, useIssueChanges } from "./use-issues.ts";

/** The messages that the issue joins. Selected ones can be split off. */
export function IssueFingerprints({ issue, canWrite }: { issue: IssueDetail; canWrite: boolean }) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const canSplit = canWrite && issue.fingerprintCount > 1;
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  return (
    <Section
      title="Fingerprints"
      description="Messages without numbers, ids and quotes. Messages that mean the same are one issue."
      action={canSplit && <SplitButton issue={issue} chosen={chosen} />}
    >
      <ul className="flex flex-col gap-2 px-4 pb-4">
        {issue.fingerprints.map((one) => (
          <FingerprintRow
            key={one.fingerprint}
            of={one}
            isChosen={chosen.includes(one.fingerprint)}
            toggle={canSplit ? () => toggle(one.fingerprint) : undefined}
          />
        ))}
      </ul>
    </Section>
  );
}

function SplitButton({ issue, chosen }: { issue: IssueDetail; chosen: readonly string[] }) {
  const { split } = useIssueChanges(issue.issueId);
  const navigate = useNavigate();
  const show = (issueId: string) => void navigate({ to: "/issues/$issueId", params: { issueId } });
  const onSuccess = ({ issueId }: { issueId: string }) =>
    toastDone("Created a new issue", { label: "Show", run: () => show(issueId) });
  const isPossible = chosen.length > 0 && chosen.length < issue.fingerprintCount;
  return (
    <Button
      size="small"
      isBusy={split.isPending}
      disabled={!isPossible}
      onClick={() => void whenDone(split.mutateAsync([...chosen]), onSuccess)}
    >
      Split off
    </Button>
  );
}

type RowProps = { of: IssueDetail["fingerprints"][number]; isChosen: boolean; toggle: (() => void) | undefined };

function FingerprintRow({ of: one, isChosen, toggle }: RowProps) {
  const facts = [one.toolName, one.rule, one.errorType, one.statusCode, one.finishReason].filter(Boolean).join(" · ");
  const text = one.message || facts || "No message";
  const notes = [one.message && facts, formatNumberOf(one.occurrences, "occurrence")].filter(Boolean);
  return (
    <li className="flex min-w-0 items-start gap-2">
      {toggle && (
        <Checkbox label={<span className="sr-only">{`Select ${text}`}</span>} checked={isChosen} onChange={toggle} />
      )}
      <div className="min-w-0">
        <p dir="auto" className="text-left font-mono text-xs [overflow-wrap:anywhere]">
          {text}
        </p>
        <p className="num text-xs text-muted">{notes.join(" · ")}</p>
      </div>
    </li>
  );
}
