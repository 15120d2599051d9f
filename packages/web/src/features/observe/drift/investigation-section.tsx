import { useState } from "react";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { whenDone } from "../../../components/feedback/when-done.ts";
import { Button } from "../../../components/form/button.tsx";
import { Field, Select, TextArea } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { useMemberChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { type DriftWatch, type Investigation, useInvestigations, useUpdateInvestigation } from "./use-drift.ts";

const WORDS: Readonly<Record<Investigation["state"], { look: string; word: string }>> = {
  open: { look: "text-warn", word: "open" },
  explained: { look: "text-info", word: "explained" },
  accepted: { look: "text-good", word: "accepted as the reference" },
  closed: { look: "text-muted", word: "closed" },
};

/** The unfinished investigation of a watch, and the earlier ones. */
export function InvestigationSection({ watch }: { watch: DriftWatch }) {
  const { data } = useInvestigations(watch);
  if (!data || data.length === 0) return null;
  return (
    <Section
      title="Investigations"
      description="A change that is seen on 2 of 3 days opens an investigation. It notifies, and never alerts on-call."
    >
      <ul>
        {data.map((one) => (
          <li key={one.investigationId} className="border-line border-t px-4 py-3">
            <OneInvestigation key={one.updatedAt} investigation={one} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

function OneInvestigation({ investigation }: { investigation: Investigation }) {
  const { title, state, firstDay, lastDay, summary, note } = investigation;
  const canWrite = useProject().can("monitors:write");
  const isOpen = state === "open" || state === "explained";
  return (
    <div className="flex flex-col gap-2">
      <p className="font-medium [overflow-wrap:anywhere]">
        {title} <span className={`ml-1 text-sm font-normal ${WORDS[state].look}`}>● {WORDS[state].word}</span>
      </p>
      <p className="num text-sm text-muted">
        {firstDay} to {lastDay}
      </p>
      {isOpen && (
        <ul className="flex flex-col gap-0.5">
          {summary.map((sentence) => (
            <li key={sentence} className="text-pretty [overflow-wrap:anywhere]">
              {sentence}
            </li>
          ))}
        </ul>
      )}
      {isOpen && canWrite ? (
        <Actions investigation={investigation} />
      ) : (
        note !== "" && <p className="whitespace-pre-wrap [overflow-wrap:anywhere]">{note}</p>
      )}
    </div>
  );
}

function Actions({ investigation }: { investigation: Investigation }) {
  const { state, firstDay } = investigation;
  const update = useUpdateInvestigation(investigation.investigationId);
  const [note, setNote] = useState(investigation.note);
  const [isAccepting, setIsAccepting] = useState(false);
  const { isPending: isBusy } = update;
  const save = (next: "explained" | "closed" | "accepted", done: string) =>
    void whenDone(update.mutateAsync({ state: next, note }), () => toastDone(done));
  const accept = () => save("accepted", "The change is the next reference");
  const hide = () => setIsAccepting(false);
  return (
    <>
      <NoteFields investigation={investigation} note={note} onNote={setNote} />
      <div className="flex flex-wrap gap-2">
        <Button isBusy={isBusy} onClick={() => save("explained", "Saved the note")}>
          {state === "explained" ? "Save note" : "Mark as explained"}
        </Button>
        <Button isBusy={isBusy} onClick={() => setIsAccepting(true)}>
          Accept as reference…
        </Button>
        <Button isBusy={isBusy} onClick={() => save("closed", "Closed the investigation")}>
          Close
        </Button>
      </div>
      {isAccepting && <AcceptDialog firstDay={firstDay} isBusy={isBusy} onConfirm={accept} close={hide} />}
    </>
  );
}

type NoteProps = { investigation: Investigation; note: string; onNote: (note: string) => void };

const NoteFields = ({ investigation, note, onNote }: NoteProps) => (
  <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,14rem)] gap-4 max-md:grid-cols-1">
    <Field label="Note" isOptional>
      {(field) => <TextArea {...field} rows={2} value={note} onChange={({ target }) => onNote(target.value)} />}
    </Field>
    <Owner investigation={investigation} />
  </div>
);

type AcceptProps = { firstDay: string; isBusy: boolean; onConfirm: () => void; close: () => void };

const AcceptDialog = ({ firstDay, ...rest }: AcceptProps) => (
  <ConfirmDialog title="Accept the change as the reference?" verb="Accept" {...rest}>
    The texts since {firstDay} become the next version of the reference. Later days are compared with them.
  </ConfirmDialog>
);

function Owner({ investigation: { investigationId, owner } }: { investigation: Investigation }) {
  const members = useMemberChoices();
  const update = useUpdateInvestigation(investigationId);
  return (
    <Field label="Owner">
      {(field) => (
        <Select
          {...field}
          value={owner ?? ""}
          disabled={update.isPending}
          onChange={({ target }) => update.mutate({ owner: target.value || null })}
        >
          <option value="">Unassigned</option>
          {members.data?.map(({ userId, name }) => (
            <option key={userId} value={userId}>
              {name}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
