import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { formatNumberOf } from "../../../components/text/format.ts";
import { type IssueDetail, useIssueChanges } from "./use-issues.ts";

type FingerprintsProps = { issue: IssueDetail; canWrite: boolean };

/** The messages that the issue joins. Selected ones can be split off. */
export function IssueFingerprints({ issue, canWrite }: FingerprintsProps) {
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const { split } = useIssueChanges(issue.issueId);
  const navigate = useNavigate();
  const canSplit = canWrite && issue.fingerprintCount > 1;
  const toggle = (id: string) => setChosen(chosen.includes(id) ? chosen.filter((one) => one !== id) : [...chosen, id]);
  const run = () =>
    split.mutate([...chosen], {
      onSuccess: ({ issueId }) => {
        setChosen([]);
        toastDone("Created a new issue", {
          label: "Show",
          run: () => void navigate({ to: "/issues/$issueId", params: { issueId } }),
        });
      },
    });
  return (
    <Section
      title="Fingerprints"
      description="Messages without numbers, ids and quotes. Messages that mean the same are one issue."
      action={
        canSplit && (
          <Button
            size="small"
            isBusy={split.isPending}
            disabled={chosen.length === 0 || chosen.length >= issue.fingerprintCount}
            onClick={run}
          >
            Split off
          </Button>
        )
      }
    >
      <ul className="flex flex-col gap-2 px-4 pb-4">
        {issue.fingerprints.map((one) => {
          const words = [one.toolName, one.rule, one.errorType, one.statusCode, one.finishReason]
            .filter(Boolean)
            .join(" · ");
          const text = one.message || words || "No message";
          return (
            <li key={one.fingerprint} className="flex min-w-0 items-start gap-2">
              {canSplit && (
                <Checkbox
                  label={<span className="sr-only">{`Select ${text}`}</span>}
                  checked={chosen.includes(one.fingerprint)}
                  onChange={() => toggle(one.fingerprint)}
                />
              )}
              <div className="min-w-0">
                <p dir="auto" className="text-left font-mono text-xs [overflow-wrap:anywhere]">
                  {text}
                </p>
                <p className="num text-xs text-muted">
                  {[one.message && words, formatNumberOf(one.occurrences, "occurrence")].filter(Boolean).join(" · ")}
                </p>
              </div>
            </li>
          );
        })}
      </ul>
    </Section>
  );
}
