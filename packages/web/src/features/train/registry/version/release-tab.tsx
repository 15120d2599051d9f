import { MODEL_STAGES } from "@treadle/contract";
import { Tag, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, Select, TextInput } from "../../../../components/form/field.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { VersionDeployments } from "../../../release/deployments/index.ts";
import { useProject } from "../../../system/session/index.ts";
import { AliasDialog } from "../shared/alias-dialog.tsx";
import { DeleteVersion } from "../shared/delete-model.tsx";
import { StageMark } from "../shared/stage-mark.tsx";
import { tellUndoable } from "../shared/undo.ts";
import {
  type StageRequest,
  useModel,
  useRegistrySettings,
  useStageRequests,
  type Version,
} from "../shared/use-registry.ts";
import { type Stage, useStageChanges } from "../shared/use-registry-changes.ts";

/** The stage of a version, its approval, its aliases and its history. */
export function ReleaseTab({ version }: { version: Version }) {
  const { can } = useProject();
  const canWrite = can("models:write");
  return (
    <>
      <Section
        title="Stage"
        description={
          version.stage === "none" ? (
            `Version ${version.version} has no stage yet.`
          ) : (
            <>
              Version {version.version} is in <StageMark stage={version.stage} />.
            </>
          )
        }
      >
        {version.pending ? (
          <Pending pending={version.pending} canWrite={canWrite} />
        ) : (
          canWrite && <StageForm key={version.stage} version={version} />
        )}
      </Section>
      <VersionDeployments model={version.name} version={version.version} />
      <History version={version} />
      {canWrite && <Actions version={version} />}
    </>
  );
}

function StageForm({ version }: { version: Version }) {
  const { data: settings } = useRegistrySettings();
  const { ask } = useStageChanges();
  const [stage, setStage] = useState<Stage>(version.stage);
  const [note, setNote] = useState("");
  const place = { name: version.name, version: String(version.version) };
  const needsSecond = settings?.needsApproval === true && (stage === "staging" || stage === "production");
  function submit(event: FormEvent) {
    event.preventDefault();
    const before = version.stage;
    const onSuccess = () =>
      needsSecond
        ? toastDone(`Requested approval for ${stage}`)
        : tellUndoable(`Version ${version.version} is now in ${stage}`, () =>
            ask.mutateAsync({ ...place, stage: before, note: "Undone" }),
          );
    ask.mutate({ ...place, stage, note }, { onSuccess });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 px-4 pb-4">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="New stage" className="w-40">
          {(field) => (
            <Select
              {...field}
              value={stage}
              onChange={({ target }) => setStage(MODEL_STAGES.find((one) => one === target.value) ?? stage)}
            >
              {MODEL_STAGES.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Reason" isOptional className="min-w-40 grow">
          {(field) => (
            <TextInput {...field} value={note} maxLength={2_000} onChange={({ target }) => setNote(target.value)} />
          )}
        </Field>
        <Button type="submit" kind="primary" disabled={stage === version.stage} isBusy={ask.isPending}>
          {needsSecond ? "Request approval" : "Set stage"}
        </Button>
      </div>
      {needsSecond && stage !== version.stage && (
        <p className="text-muted">In this project {stage} needs approval. You cannot approve your own request.</p>
      )}
      <Failure text={ask.error ? explain(ask.error) : undefined} />
    </form>
  );
}

type PendingProps = { pending: NonNullable<Version["pending"]>; canWrite: boolean };

/** A stage request. The requester can withdraw it; another person approves or rejects it. */
function Pending({ pending, canWrite }: PendingProps) {
  const { decide } = useStageChanges();
  const [note, setNote] = useState("");
  const { requestId, stage, proposedBy, proposedAt, isOwn } = pending;
  const give = (decision: "approved" | "rejected" | "withdrawn", words: string) =>
    decide.mutate({ requestId, decision, note }, { onSuccess: () => toastDone(words) });
  return (
    <div className="flex flex-col gap-3 border-line border-t bg-warn-soft px-4 py-3">
      <p>
        <span className="font-medium">{isOwn ? "You" : proposedBy}</span> requested{" "}
        <span className="font-medium">{stage}</span>, <AgoCell iso={proposedAt} />.{" "}
        {isOwn && "Another person in the project must approve or reject it."}
      </p>
      {pending.note && <p className="[overflow-wrap:anywhere]">“{pending.note}”</p>}
      {canWrite && (
        <div className="flex flex-wrap items-end gap-2">
          <Field label="Comment" isOptional className="min-w-48 grow">
            {(field) => (
              <TextInput {...field} value={note} maxLength={2_000} onChange={({ target }) => setNote(target.value)} />
            )}
          </Field>
          {isOwn ? (
            <Button isBusy={decide.isPending} onClick={() => give("withdrawn", "Request withdrawn")}>
              Withdraw
            </Button>
          ) : (
            <>
              <Button isBusy={decide.isPending} onClick={() => give("rejected", "Request rejected")}>
                Reject
              </Button>
              <Button
                kind="primary"
                isBusy={decide.isPending}
                onClick={() => give("approved", `The version is now in ${stage}`)}
              >
                Approve
              </Button>
            </>
          )}
        </div>
      )}
    </div>
  );
}

function History({ version: { name, version } }: { version: Version }) {
  const list = useStageRequests({ name, version });
  const items = list.data?.pages.flatMap((page) => page.items);
  return (
    <Section title="Stage history">
      {list.error && !items ? (
        <ErrorState error={list.error} retry={() => list.refetch()} />
      ) : !items ? (
        <Skeleton className="m-4 h-10" />
      ) : items.length === 0 ? (
        <p className="px-4 pb-4 text-muted">The stage of this version has not changed yet.</p>
      ) : (
        <>
          <ol aria-label="Stage history" className="divide-y divide-line border-line border-t">
            {items.map((request) => (
              <Request key={request.requestId} request={request} />
            ))}
          </ol>
          <MoreRows list={list} />
        </>
      )}
    </Section>
  );
}

const OUTCOMES = { pending: "waiting", approved: "approved", rejected: "rejected", withdrawn: "withdrawn" } as const;

function Request({ request }: { request: StageRequest }) {
  const { stage, state, note, proposedBy, proposedAt, decidedBy, decidedAt, decisionNote } = request;
  const isDirect = state === "approved" && decidedBy === null;
  return (
    <li className="flex flex-col gap-0.5 px-4 py-2">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <StageMark stage={stage} />
        <span className="text-muted">
          {isDirect ? "set" : "requested"} by {proposedBy}, <AgoCell iso={proposedAt} />
        </span>
        {note && <span className="[overflow-wrap:anywhere]">“{note}”</span>}
      </p>
      {!isDirect && (
        <p className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium">{OUTCOMES[state]}</span>
          {decidedBy !== null && (
            <span className="text-muted">
              by {decidedBy}, <AgoCell iso={decidedAt} />
            </span>
          )}
          {decisionNote && <span className="[overflow-wrap:anywhere]">“{decisionNote}”</span>}
        </p>
      )}
    </li>
  );
}

/** Other actions for a version. */
function Actions({ version }: { version: Version }) {
  const { data: model } = useModel(version.name);
  const [open, setOpen] = useState<"alias" | "delete">();
  return (
    <div className="flex flex-wrap gap-2">
      <Button disabled={!model} onClick={() => setOpen("alias")}>
        <Tag aria-hidden size={13} /> Move alias here
      </Button>
      <Button kind="danger" onClick={() => setOpen("delete")}>
        <Trash2 aria-hidden size={13} /> Delete version {version.version}
      </Button>
      {open === "alias" && model && (
        <AliasDialog model={model} version={version.version} close={() => setOpen(undefined)} />
      )}
      {open === "delete" && <DeleteVersion version={version} close={() => setOpen(undefined)} />}
    </div>
  );
}
