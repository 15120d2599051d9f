import { useNavigate } from "@tanstack/react-router";
import { type Branch, CONFLICT_SIDES, type MergeConflict, type MergePreview } from "@treadle/contract";
import { ArrowLeft, GitMerge } from "lucide-react";
import { useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Choice } from "../../../../components/form/choice.tsx";
import { Field, TextArea } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { formatCount, formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { changesBetween } from "../shared/field-changes.ts";
import { FieldDiff } from "../shared/field-diff.tsx";
import { Counts } from "../shared/marks.tsx";
import { Difference } from "./difference.tsx";
import { ReviewForm } from "./review-form.tsx";
import { ReviewWords } from "./review-words.tsx";
import { useBranchChanges, useMergePreview } from "./use-versions.ts";

type Side = (typeof CONFLICT_SIDES)[number];
type Resolutions = Readonly<Record<string, Side>>;
type ReviewProps = { datasetId: string; branch: Branch; leave: () => void };

/** The review of a branch before its merge into main: changes, conflicts, approval and merge. */
export function MergeReview({ datasetId, branch, leave }: ReviewProps) {
  const preview = useMergePreview(datasetId, branch.name);
  const [resolutions, setResolutions] = useState<Resolutions>({});
  const [kind, setKind] = useState<string>();
  const { data } = preview;
  return (
    <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      <button
        type="button"
        onClick={leave}
        className="inline-flex items-center gap-1 self-start text-xs text-muted hover:text-text"
      >
        <ArrowLeft aria-hidden size={12} /> All branches
      </button>
      <div className="flex flex-wrap items-baseline gap-x-3">
        <h2 className="text-lg font-semibold [overflow-wrap:anywhere]">
          {branch.name} <span className="font-normal text-muted">into main</span>
        </h2>
        <ReviewWords branch={branch} />
      </div>
      {preview.error && !data ? (
        <ErrorState
          error={preview.error}
          retry={() => preview.refetch()}
          title="The merge preview could not be loaded"
        />
      ) : !data ? (
        <Skeleton className="h-60 rounded-card" />
      ) : (
        <>
          <p className="text-muted">
            {data.theirs === null || data.theirs === data.base ? (
              "The branch has no versions that are missing in main."
            ) : (
              <>
                Merging version {data.theirs} of the branch (based on version {data.base ?? "none"} of main) changes
                main: <Counts counts={data.counts} />
              </>
            )}
          </p>
          {branch.hasDraft && (
            <p className="rounded-control bg-warn-soft px-3 py-2">
              The branch has an uncommitted draft. The merge includes only committed versions.
            </p>
          )}
          {data.conflictCount > 0 && <Conflicts preview={data} resolutions={resolutions} onResolve={setResolutions} />}
          <Decide datasetId={datasetId} branch={branch} preview={data} resolutions={resolutions} leave={leave} />
          {data.theirs !== null && data.base !== null && data.theirs !== data.base && (
            <section aria-label="Branch changes" className="flex flex-col gap-3">
              <h3 className="font-semibold">Branch changes</h3>
              <Difference
                datasetId={datasetId}
                from={String(data.base)}
                to={String(data.theirs)}
                kind={kind}
                onKind={setKind}
              />
            </section>
          )}
        </>
      )}
    </div>
  );
}

const UNDECIDED = ["unset", ...CONFLICT_SIDES] as const;
const SIDE_WORDS = { ours: "Keep main", theirs: "Use branch" } as const;

type ConflictsProps = {
  preview: MergePreview;
  resolutions: Resolutions;
  onResolve: (resolutions: Resolutions) => void;
};

/** Items that changed on both sides, each with the side to keep. */
function Conflicts({ preview, resolutions, onResolve }: ConflictsProps) {
  const { conflicts, conflictCount } = preview;
  const all = (side: Side) => onResolve(Object.fromEntries(conflicts.map(({ itemId }) => [itemId, side])));
  return (
    <Section
      title={formatNumberOf(conflictCount, "conflict")}
      description="These items changed on both sides. Choose which side to keep."
      action={
        <span className="flex flex-wrap gap-2">
          {CONFLICT_SIDES.map((side) => (
            <Button key={side} size="small" onClick={() => all(side)}>
              {SIDE_WORDS[side]} for all
            </Button>
          ))}
        </span>
      }
    >
      <ul className="divide-y divide-line border-line border-t">
        {conflicts.map((conflict) => (
          <ConflictRow
            key={conflict.itemId}
            conflict={conflict}
            chosen={resolutions[conflict.itemId]}
            onChoose={(side) => onResolve({ ...resolutions, [conflict.itemId]: side })}
          />
        ))}
      </ul>
      {conflicts.length < conflictCount && (
        <p className="border-line border-t px-4 py-2 text-muted">
          Only the first {formatCount(conflicts.length)} are listed. The others use the side that you choose for all.
        </p>
      )}
    </Section>
  );
}

type RowProps = { conflict: MergeConflict; chosen: Side | undefined; onChoose: (side: Side) => void };

function ConflictRow({ conflict, chosen, onChoose }: RowProps) {
  const { itemId, base, ours, theirs } = conflict;
  return (
    <li className="flex flex-col gap-2 px-4 py-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <code className="text-xs text-muted">{itemId}</code>
        <Choice
          label={`Resolution of ${itemId}`}
          names={chosen ? CONFLICT_SIDES : UNDECIDED}
          words={{ ...SIDE_WORDS, unset: "Undecided" }}
          chosen={chosen ?? "unset"}
          onChoose={(side) => side !== "unset" && onChoose(side)}
        />
      </div>
      <div className="grid gap-4 md:grid-cols-2">
        <ConflictSide label="main" base={base} side={ours} />
        <ConflictSide label="branch" base={base} side={theirs} />
      </div>
    </li>
  );
}

function ConflictSide({
  label,
  base,
  side,
}: {
  label: string;
  base: MergeConflict["base"];
  side: MergeConflict["ours"];
}) {
  return (
    <div className="min-w-0">
      <p className="mb-1 text-xs text-muted">{side === null ? `Removed in ${label}` : `In ${label}`}</p>
      {side !== null && <FieldDiff changes={changesBetween(bodyOf(base), bodyOf(side))} />}
    </div>
  );
}

const bodyOf = (item: MergeConflict["base"]) =>
  item && { inputs: item.inputs, expected: item.expected, metadata: item.metadata, split: item.split };

type DecideProps = ReviewProps & { preview: MergePreview; resolutions: Resolutions };

/** The review first, then the merge. */
function Decide({ datasetId, branch, preview, resolutions, leave }: DecideProps) {
  const { can } = useProject();
  const navigate = useNavigate();
  const { merge } = useBranchChanges(datasetId);
  const [message, setMessage] = useState(`Merge ${branch.name}`);
  const { theirs, base, isApproved, conflictCount } = preview;
  if (!can("datasets:write") || theirs === null || theirs === base) return null;
  const open = conflictCount - Object.keys(resolutions).length;
  const sides = new Set(Object.values(resolutions));
  const [otherwise] = sides;
  const isResolved = open <= 0 || (preview.conflicts.length < conflictCount && sides.size === 1);
  const carryOut = () =>
    merge.mutate(
      { branch: branch.name, body: { message: message.trim(), resolutions, ...(otherwise && { otherwise }) } },
      {
        onSuccess: ({ version: number }) => {
          toastDone(`Merged as version ${number}`);
          leave();
          void navigate({
            to: "/datasets/$datasetId/versions",
            params: { datasetId },
            search: { version: String(number) },
          });
        },
      },
    );
  return (
    <Section title={isApproved ? "Merge" : "Review"}>
      <div className="flex flex-col gap-3 px-4 pb-4">
        {branch.review?.comment && branch.review.version === theirs && (
          <blockquote className="border-line-strong border-l-2 pl-3 text-muted whitespace-pre-wrap">
            {branch.review.comment}
          </blockquote>
        )}
        {isApproved ? (
          <>
            <Field label="Version message">
              {(field) => (
                <TextArea
                  {...field}
                  rows={2}
                  value={message}
                  onChange={({ target }) => setMessage(target.value)}
                  maxLength={2_000}
                />
              )}
            </Field>
            <Failure text={merge.error ? explain(merge.error) : undefined} />
            <div className="flex flex-wrap items-center gap-3">
              <Button
                kind="primary"
                isBusy={merge.isPending}
                disabled={!isResolved || message.trim() === ""}
                onClick={carryOut}
              >
                <GitMerge aria-hidden size={14} /> Merge into main
              </Button>
              {!isResolved && <span className="text-warn">{formatNumberOf(open, "unresolved conflict")}</span>}
            </div>
          </>
        ) : (
          <ReviewForm datasetId={datasetId} branch={branch} version={theirs} mayApprove={preview.mayApprove} />
        )}
      </div>
    </Section>
  );
}
