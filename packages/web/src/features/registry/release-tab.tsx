import { MODEL_STAGES } from "@treadle/contract";
import { Tag, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { explain } from "../../api.ts";
import { Button } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { Failure } from "../../components/failure.tsx";
import { Field, Select, TextInput } from "../../components/field.tsx";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { AliasDialog } from "./alias-dialog.tsx";
import { DeleteVersion } from "./delete-model.tsx";
import { StageMark } from "./stage-mark.tsx";
import { tellUndoable } from "./undo.ts";
import { type StageRequest, useModel, useRegistrySettings, useStageRequests, type Version } from "./use-registry.ts";
import { type Stage, useStageChanges } from "./use-registry-changes.ts";

/** How far a version is let: its stage, who agrees, its aliases, and how that came about. */
export function ReleaseTab({ version }: { version: Version }) {
  const { can } = useProject();
  const canWrite = can("models:write");
  return (
    <>
      <Section
        title="Stage"
        description={
          version.stage === "none" ? (
            `Version ${version.version} is in no stage yet.`
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
        ? toastDone(`A second person decides on ${stage}`)
        : tellUndoable(`Version ${version.version} is in ${stage}`, () =>
            ask.mutateAsync({ ...place, stage: before, note: "Taken back" }),
          );
    ask.mutate({ ...place, stage, note }, { onSuccess });
  }
  return (
    <form onSubmit={submit} className="flex flex-col gap-3 px-4 pb-4">
      <div className="flex flex-wrap items-end gap-3">
        <Field label="Move it to" className="w-40">
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
        <Field label="Why" isOptional className="min-w-40 grow">
          {(field) => (
            <TextInput {...field} value={note} maxLength={2_000} onChange={({ target }) => setNote(target.value)} />
          )}
        </Field>
        <Button type="submit" kind="primary" disabled={stage === version.stage} isBusy={ask.isPending}>
          {needsSecond ? "Ask for it" : "Set the stage"}
        </Button>
      </div>
      {needsSecond && stage !== version.stage && (
        <p className="text-muted">In this project {stage} needs a second person: whoever asks cannot approve.</p>
      )}
      <Failure text={ask.error ? explain(ask.error) : undefined} />
    </form>
  );
}

type PendingProps = { pending: NonNullable<Version["pending"]>; canWrite: boolean };

/** A stage that waits: whoever asked can withdraw it, and somebody else approves or rejects it. */
function Pending({ pending, canWrite }: PendingProps) {
  const { decide } = useStageChanges();
  const [note, setNote] = useState("");
  const { requestId, stage, proposedBy, proposedAt, isOwn } = pending;
  const give = (decision: "approved" | "rejected" | "withdrawn", words: string) =>
    decide.mutate({ requestId, decision, note }, { onSuccess: () => toastDone(words) });
  return (
    <div className="flex flex-col gap-3 border-line border-t bg-warn-soft px-4 py-3">
      <p>
        <span className="font-medium">{isOwn ? "You have" : `${proposedBy} has`}</span> asked for{" "}
        <span className="font-medium">{stage}</span>, <AgoCell iso={proposedAt} />.{" "}
        {isOwn && "Another person of the project approves or rejects it."}
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
            <Button isBusy={decide.isPending} onClick={() => give("withdrawn", "The request is withdrawn")}>
              Withdraw
            </Button>
          ) : (
            <>
              <Button isBusy={decide.isPending} onClick={() => give("rejected", "The request is rejected")}>
                Reject
              </Button>
              <Button
                kind="primary"
                isBusy={decide.isPending}
                onClick={() => give("approved", `The version is in ${stage}`)}
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
    <Section title="History of its stages">
      {list.error && !items ? (
        <ErrorState error={list.error} retry={() => list.refetch()} />
      ) : !items ? (
        <Skeleton className="m-4 h-10" />
      ) : items.length === 0 ? (
        <p className="px-4 pb-4 text-muted">It has been in no other stage.</p>
      ) : (
        <>
          <ol aria-label="History of stages" className="divide-y divide-line border-line border-t">
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

const OUTCOMES = { pending: "waits", approved: "approved", rejected: "rejected", withdrawn: "withdrawn" } as const;

function Request({ request }: { request: StageRequest }) {
  const { stage, state, note, proposedBy, proposedAt, decidedBy, decidedAt, decisionNote } = request;
  const isDirect = state === "approved" && decidedBy === null;
  return (
    <li className="flex flex-col gap-0.5 px-4 py-2">
      <p className="flex flex-wrap items-baseline gap-x-2">
        <StageMark stage={stage} />
        <span className="text-muted">
          {isDirect ? "set" : "asked for"} by {proposedBy}, <AgoCell iso={proposedAt} />
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

/** What else is done to one version. */
function Actions({ version }: { version: Version }) {
  const { data: model } = useModel(version.name);
  const [open, setOpen] = useState<"alias" | "delete">();
  return (
    <div className="flex flex-wrap gap-2">
      <Button disabled={!model} onClick={() => setOpen("alias")}>
        <Tag aria-hidden size={13} /> Point an alias here
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
