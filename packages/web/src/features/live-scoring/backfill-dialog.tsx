import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Dialog, DialogActions } from "../../components/dialog.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, Select } from "../../components/field.tsx";
import { ActingJob, useLiveJob } from "../jobs/index.ts";
import { type LiveRule, useRuleChanges } from "./use-live-rules.ts";

const DAYS = [1, 7, 30, 90] as const;
const DAY_MS = 86_400_000;

/** Has a rule score spans of the past, as a job that can be watched and cancelled. */
export function BackfillDialog({ rule, close }: { rule: LiveRule; close: () => void }) {
  const { backfill } = useRuleChanges();
  const [days, setDays] = useState<number>(1);
  const jobId = backfill.data?.jobId;
  const from = () => new Date(Date.now() - days * DAY_MS + 60_000).toISOString();
  return (
    <Dialog
      title={`Score the past by ${rule.name}`}
      description="Newest first. What it has scored already is not scored again; what failed is tried once more. The budget of the day holds here too."
      close={close}
    >
      <div className="flex flex-col gap-4">
        {jobId ? (
          <Watched jobId={jobId} />
        ) : (
          <Field label="How far back" className="max-w-52">
            {(field) => (
              <Select {...field} value={days} onChange={({ target }) => setDays(Number(target.value))}>
                {DAYS.map((one) => (
                  <option key={one} value={one}>
                    {one === 1 ? "The last day" : `The last ${one} days`}
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
              Score the past
            </Button>
          )}
        </DialogActions>
      </div>
    </Dialog>
  );
}

function Watched({ jobId }: { jobId: string }) {
  const job = useLiveJob(jobId);
  return job.data ? <ActingJob job={job.data} /> : <p className="text-muted">It is about to begin.</p>;
}
