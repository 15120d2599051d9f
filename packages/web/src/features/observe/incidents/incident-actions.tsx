import { SEVERITIES } from "@treadle/contract";
import { Check, Download, RotateCcw } from "lucide-react";
import { useState } from "react";
import { saveFile } from "../../../components/browser/save-file.ts";
import { Button } from "../../../components/form/button.tsx";
import { Field, Select, TextArea } from "../../../components/form/field.tsx";
import { FormDialog } from "../../../components/form/form-dialog.tsx";
import { SEVERITY_WORDS } from "../../../components/text/severity.ts";
import { useMemberChoices } from "../../system/choices/index.ts";
import { useProject } from "../../system/session/index.ts";
import { type Incident, type IncidentVerb, useIncidentAct, useIncidentChanges } from "./use-incidents.ts";

/** What a person can do with an incident in its state. */
export function IncidentActions({ incident }: { incident: Incident }) {
  const { can } = useProject();
  const [isResolving, setIsResolving] = useState(false);
  return (
    <>
      <ExportButton incidentId={incident.incidentId} />
      {can("incidents:write") && (
        <>
          <SeveritySelect incident={incident} />
          <OwnerSelect incident={incident} />
          {incident.state === "open" && <ActButton incident={incident} verb="acknowledge" />}
          {incident.state === "resolved" ? (
            <ActButton incident={incident} verb="reopen" />
          ) : (
            <Button kind="primary" onClick={() => setIsResolving(true)}>
              <Check aria-hidden size={14} /> Resolve
            </Button>
          )}
        </>
      )}
      {isResolving && <ResolveDialog incident={incident} close={() => setIsResolving(false)} />}
    </>
  );
}

function ActButton({ incident, verb }: { incident: Incident; verb: Exclude<IncidentVerb, "resolve"> }) {
  const act = useIncidentAct(verb);
  return (
    <Button isBusy={act.isPending} onClick={() => act.mutate({ incidentId: incident.incidentId })}>
      {verb === "reopen" && <RotateCcw aria-hidden size={14} />} {verb === "reopen" ? "Reopen" : "Acknowledge"}
    </Button>
  );
}

function ResolveDialog({ incident, close }: { incident: Incident; close: () => void }) {
  const act = useIncidentAct("resolve");
  const [note, setNote] = useState("");
  const submit = () => act.mutate({ incidentId: incident.incidentId, note }, { onSuccess: close });
  return (
    <FormDialog
      title="Resolve incident"
      description="If its source finds the problem again soon, the incident is reopened."
      form={{ failure: undefined, isBusy: act.isPending }}
      verb="Resolve"
      onSubmit={submit}
      close={close}
      width="narrow"
    >
      <Field label="Note" isOptional>
        {(field) => (
          <TextArea
            {...field}
            value={note}
            maxLength={2_000}
            rows={3}
            placeholder="What was the cause, and what fixed it?"
            onChange={({ target }) => setNote(target.value)}
          />
        )}
      </Field>
    </FormDialog>
  );
}

function SeveritySelect({ incident }: { incident: Incident }) {
  const { update } = useIncidentChanges(incident.incidentId);
  return (
    <Select
      aria-label="Severity"
      value={incident.severity}
      disabled={update.isPending}
      onChange={({ target }) => update.mutate({ severity: SEVERITIES.find((one) => one === target.value) })}
      className="w-30!"
    >
      {SEVERITIES.map((one) => (
        <option key={one} value={one}>
          {SEVERITY_WORDS[one]}
        </option>
      ))}
    </Select>
  );
}

function OwnerSelect({ incident: { incidentId, owner } }: { incident: Incident }) {
  const members = useMemberChoices();
  const { update } = useIncidentChanges(incidentId);
  const isKnown = owner === null || members.data?.some(({ userId }) => userId === owner.actorId);
  return (
    <Select
      aria-label="Owner"
      value={owner?.actorId ?? ""}
      disabled={update.isPending}
      onChange={({ target }) => update.mutate({ ownerId: target.value || null })}
      className="w-40!"
    >
      <option value="">Unassigned</option>
      {!isKnown && owner && <option value={owner.actorId}>{owner.name}</option>}
      {members.data?.map(({ userId, name, email }) => (
        <option key={userId} value={userId}>
          {name || email}
        </option>
      ))}
    </Select>
  );
}

function ExportButton({ incidentId }: { incidentId: string }) {
  const { client } = useProject();
  const [isBusy, setIsBusy] = useState(false);
  async function save() {
    setIsBusy(true);
    try {
      const response = await client.send("GET /api/v1/incidents/:incidentId/export", { params: { incidentId } });
      saveFile(`${incidentId}.md`, await response.text(), "text/markdown");
    } finally {
      setIsBusy(false);
    }
  }
  return (
    <Button isBusy={isBusy} onClick={() => void save()} title="Download the incident as Markdown">
      <Download aria-hidden size={14} /> Export
    </Button>
  );
}
