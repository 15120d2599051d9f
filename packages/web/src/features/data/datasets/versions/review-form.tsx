import type { Branch } from "@treadle/contract";
import { Check, X } from "lucide-react";
import { useState } from "react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, TextArea } from "../../../../components/form/field.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { useProject } from "../../../system/session/index.ts";
import { useBranchChanges } from "./use-versions.ts";

type ReviewProps = { datasetId: string; branch: Branch; version: number; mayApprove: boolean };

/** Approves or rejects a branch. Its authors cannot approve it, but an owner or admin can override that. */
export function ReviewForm({ datasetId, branch, version, mayApprove }: ReviewProps) {
  const { can } = useProject();
  const { review } = useBranchChanges(datasetId);
  const [comment, setComment] = useState("");
  const [isOverriding, setIsOverriding] = useState(false);
  const canOverride = can("projects:write");
  const save = (verdict: "approve" | "reject") =>
    review.mutate(
      { branch: branch.name, body: { verdict, comment, version, override: isOverriding } },
      {
        onSuccess: () => {
          setComment("");
          setIsOverriding(false);
          toastDone(verdict === "approve" ? `Approved ${branch.name}` : `Rejected ${branch.name}`);
        },
      },
    );
  return (
    <>
      {!mayApprove && (
        <p className="rounded-control bg-warn-soft px-3 py-2">
          You changed this branch, so another person must approve it.
          {canOverride && " If you work alone in this project, approve your own changes."}
        </p>
      )}
      <Field label="Comment" isOptional>
        {(field) => (
          <TextArea
            {...field}
            rows={2}
            value={comment}
            onChange={({ target }) => setComment(target.value)}
            maxLength={5_000}
          />
        )}
      </Field>
      <div className="flex flex-wrap gap-2">
        {mayApprove ? (
          <Button kind="primary" isBusy={review.isPending} onClick={() => save("approve")}>
            <Check aria-hidden size={14} /> Approve version {version}
          </Button>
        ) : (
          canOverride && <Button onClick={() => setIsOverriding(true)}>Approve own changes…</Button>
        )}
        <Button kind="danger" disabled={review.isPending} onClick={() => save("reject")}>
          <X aria-hidden size={14} /> Reject
        </Button>
      </div>
      {isOverriding && (
        <ConfirmDialog
          title="Approve own changes?"
          verb="Approve"
          isBusy={review.isPending}
          onConfirm={() => save("approve")}
          close={() => setIsOverriding(false)}
        >
          No other person has approved version {version} of {branch.name}. The audit log records your approval.
        </ConfirmDialog>
      )}
    </>
  );
}
