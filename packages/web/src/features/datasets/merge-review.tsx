import { useNavigate } from "@tanstack/react-router";
import { type Branch, CONFLICT_SIDES, type MergeConflict, type MergePreview } from "@treadle/contract";
import { ArrowLeft, Check, GitMerge, X } from "lucide-react";
import { useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { Choice } from "../../components/choice.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, TextArea } from "../../components/field.tsx";
import { formatCount, formatNumberOf } from "../../components/format.ts";
import { Section } from "../../components/page.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { Difference } from "./difference.tsx";
import { changesBetween } from "./field-changes.ts";
import { FieldDiff } from "./field-diff.tsx";
import { Counts } from "./marks.tsx";
import { ReviewWords } from "./review-words.tsx";
import { useBranchChanges, useMergePreview } from "./use-versions.ts";

type Side = (typeof CONFLICT_SIDES)[number];
type Resolutions = Readonly<Record<string, Side>>;
type ReviewProps = { datasetId: string; branch: Branch; leave: () => void };

/** What a branch would do to main, looked at before it is done: the changes, the conflicts, a verdict, and the merge. */
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
        <ErrorState error={preview.error} retry={() => preview.refetch()} title="The merge could not be looked at" />
      ) : !data ? (
        <Skeleton className="h-60 rounded-card" />
      ) : (
        <>
          <p className="text-muted">
            {data.theirs === null || data.theirs === data.base ? (
              "The branch has no version that main lacks."
            ) : (
              <>
                Version {data.theirs} of the branch, which left main at version {data.base ?? "none"}, would do to main:{" "}
                <Counts counts={data.counts} />
              </>
            )}
          </p>
          {branch.hasDraft && (
            <p className="rounded-control bg-warn-soft px-3 py-2">
              The branch has a draft that is not committed. Only its versions are merged.
            </p>
          )}
          {data.conflictCount > 0 && <Conflicts preview={data} resolutions={resolutions} onResolve={setResolutions} />}
          <Decide {...{ datasetId, branch, preview: data, resolutions, leave }} />
          {data.theirs !== null && data.base !== null && data.theirs !== data.base && (
            <section aria-label="Changes of the branch" className="flex flex-col gap-3">
              <h3 className="font-semibold">Changes of the branch</h3>
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
const SIDE_WORDS = { ours: "Keep main's", theirs: "Take the branch's" } as const;

type ConflictsProps = {
  preview: MergePreview;
  resolutions: Resolutions;
  onResolve: (resolutions: Resolutions) => void;
};

/** Items that both sides changed, each with the side that is to count. */
function Conflicts({ preview, resolutions, onResolve }: ConflictsProps) {
  const { conflicts, conflictCount } = preview;
  const all = (side: Side) => onResolve(Object.fromEntries(conflicts.map(({ itemId }) => [itemId, side])));
  return (
    <Section
      title={`${formatNumberOf(conflictCount, "item")} changed on both sides`}
      description="Choose which side counts for each."
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
          The first {formatCount(conflicts.length)} are listed; for the others the side that is chosen for all counts.
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
          label={`What counts for ${itemId}`}
          names={chosen ? CONFLICT_SIDES : UNDECIDED}
          words={{ ...SIDE_WORDS, unset: "Undecided" }}
          chosen={chosen ?? "unset"}
          onChoose={(side) => side !== "unset" && onChoose(side)}
        />
      </div>
      <div className="grid gap-4 md:grid-cols-2">
        <ConflictSide label="main" base={base} side={ours} />
        <ConflictSide label="the branch" base={base} side={theirs} />
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
      <p className="mb-1 text-xs text-muted">{side === null ? `${label} removed it` : `In ${label}`}</p>
      {side !== null && <FieldDiff changes={changesBetween(bodyOf(base), bodyOf(side))} />}
    </div>
  );
}

const bodyOf = (item: MergeConflict["base"]) =>
  item && { inputs: item.inputs, expected: item.expected, metadata: item.metadata, split: item.split };

type DecideProps = ReviewProps & { preview: MergePreview; resolutions: Resolutions };

/** A verdict first, then the merge. */
function Decide({ datasetId, branch, preview, resolutions, leave }: DecideProps) {
  const { can } = useProject();
  const navigate = useNavigate();
  const { review, merge } = useBranchChanges(datasetId);
  const [comment, setComment] = useState("");
  const [message, setMessage] = useState(`Merge ${branch.name}`);
  const { theirs, base, isApproved, conflictCount } = preview;
  if (!can("datasets:write") || theirs === null || theirs === base) return null;
  const open = conflictCount - Object.keys(resolutions).length;
  const sides = new Set(Object.values(resolutions));
  const [otherwise] = sides;
  const isResolved = open <= 0 || (preview.conflicts.length < conflictCount && sides.size === 1);
  const say = (verdict: "approve" | "reject") =>
    review.mutate(
      { branch: branch.name, body: { verdict, comment, version: theirs } },
      {
        onSuccess: () => {
          setComment("");
          toastDone(verdict === "approve" ? `Approved ${branch.name}` : `Rejected ${branch.name}`);
        },
      },
    );
  const carryOut = () =>
    merge.mutate(
      { branch: branch.name, body: { message: message.trim(), resolutions, ...(otherwise && { otherwise }) } },
      {
        onSuccess: ({ number }) => {
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
            <Field label="Message of the new version">
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
              {!isResolved && <span className="text-warn">{formatNumberOf(open, "conflict")} undecided</span>}
            </div>
          </>
        ) : (
          <>
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
              <Button kind="primary" isBusy={review.isPending} onClick={() => say("approve")}>
                <Check aria-hidden size={14} /> Approve version {theirs}
              </Button>
              <Button kind="danger" disabled={review.isPending} onClick={() => say("reject")}>
                <X aria-hidden size={14} /> Reject
              </Button>
            </div>
          </>
        )}
      </div>
    </Section>
  );
}
