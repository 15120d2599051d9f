import { useState } from "react";
import { explain } from "../../../api.ts";
import { Failure } from "../../../components/feedback/failure.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Field, Select } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { ActingJob, useLiveJob } from "../../system/jobs/index.ts";
import { type LiveRule, useRuleChanges } from "./use-live-rules.ts";

const DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;

/** Scores past spans with a rule, as a job with progress and a cancel button. */
export function BackfillDialog({ rule, close }: { rule: LiveRule; close: () => void }) {
  const { backfill } = useRuleChanges();
  const [days, setDays] = useState<number>(1);
  const jobId = backfill.data?.jobId;
  const from = () => new Date(Date.now() - days * DAY_MS + 60_000).toISOString();
  return (
    <Dialog
      title={`Score past spans with ${rule.name}`}
      description="Scores the newest spans first. Scored spans are skipped; failed ones are retried. The daily budget applies."
      close={close}
    >
      <div className="flex flex-col gap-4">
        {jobId ? (
          <Watched jobId={jobId} />
        ) : (
          <Field label="Time range" className="max-w-52">
            {(field) => (
              <Select {...field} value={days} onChange={({ target }) => setDays(Number(target.value))}>
                {DAYS.map((one) => (
                  <option key={one} value={one}>
                    {one === 1 ? "Last day" : `Last ${one} days`}
                  </option>
                ))}
              </Select>
            )}
          </Field>
        )}
        <Failure text={backfill.error ? explain(backfill.error) : undefined} />
        <DialogActions>
          <Button onClick={close}>{jobId ? "Close" : "Cancel"}</Button>
          {!jobId && (
            <Button
              kind="primary"
              isBusy={backfill.isPending}
              onClick={() => backfill.mutate({ ruleId: rule.ruleId, from: from() })}
            >
              Score spans
            </Button>
          )}
        </DialogActions>
      </div>
    </Dialog>
  );
}

function Watched({ jobId }: { jobId: string }) {
  const job = useLiveJob(jobId);
  return job.data ? <ActingJob job={job.data} /> : <p className="text-muted">Starting…</p>;
}
