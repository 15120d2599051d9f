import { PERMISSIONS, type Permission, SERVER_PERMISSIONS } from "@treadle/contract";
import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { SecretOnce } from "../../../components/feedback/secret-once.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Checkbox, Field, TextInput } from "../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../components/overlay/dialog.tsx";
import { useProject } from "../session/index.ts";
import { KeyLimitFields } from "./key-limit-fields.tsx";
import { NO_LIMITS, readKeyLimits } from "./key-limits.ts";
import { groupRights, RIGHTS, subjectOf } from "./key-rights.ts";
import { useCreateApiKey } from "./use-projects.ts";

/** Creates a key and shows it once. */
export function ApiKeyForm({ close }: { close: () => void }) {
  const project = useProject();
  const create = useCreateApiKey();
  const [name, setName] = useState("");
  const [limits, setLimits] = useState(NO_LIMITS);
  const [chosen, setChosen] = useState<ReadonlySet<Permission>>(new Set(RIGHTS[0].permissions));
  const isOfServer = (permission: Permission) => SERVER_PERMISSIONS.some((one) => one === permission);
  // Only keys of the first project may administer the server.
  const mine = PERMISSIONS.filter(
    (permission) => project.can(permission) && (project.isFirst || !isOfServer(permission)),
  );
  const asked = mine.filter((permission) => chosen.has(permission));
  function submit(event: FormEvent) {
    event.preventDefault();
    create.mutate({ name: name.trim(), permissions: asked, ...readKeyLimits(limits) });
  }
  if (create.data) {
    return (
      <Dialog title={`Created ${create.data.name}`} close={close}>
        <SecretOnce label="New API key" value={create.data.key} close={close}>
          The key is shown only once. Copy it to the place where your program reads its secrets.
        </SecretOnce>
      </Dialog>
    );
  }
  return (
    <Dialog title="New API key" description={`For the project ${project.name}.`} close={close}>
      <form onSubmit={submit} className="flex flex-col gap-4 text-base">
        <Field label="Name" help="The application that uses the key, such as checkout-service or CI">
          {(field) => (
            <TextInput
              {...field}
              value={name}
              onChange={(event) => setName(event.target.value)}
              maxLength={120}
              required
              autoFocus
            />
          )}
        </Field>
        <KeyLimitFields limits={limits} onChange={setLimits} />
        <PermissionFields mine={mine} chosen={chosen} onChange={setChosen} />
        {create.error && (
          <p role="alert" className="text-bad">
            {explain(create.error)}
          </p>
        )}
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" disabled={asked.length === 0} isBusy={create.isPending}>
            Create key
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}

type PermissionProps = {
  mine: readonly Permission[];
  chosen: ReadonlySet<Permission>;
  onChange: (next: ReadonlySet<Permission>) => void;
};

function PermissionFields({ mine, chosen, onChange }: PermissionProps) {
  return (
    <fieldset>
      <legend className="mb-1 text-sm font-medium">Permissions</legend>
      <div className="flex flex-wrap gap-2">
        {RIGHTS.map((rights) => (
          <Button
            key={rights.id}
            size="small"
            title={rights.help}
            onClick={() => onChange(new Set(rights.permissions))}
          >
            {rights.label}
          </Button>
        ))}
      </div>
      <PermissionGrid mine={mine} chosen={chosen} onChange={onChange} />
    </fieldset>
  );
}

function PermissionGrid({ mine, chosen, onChange }: PermissionProps) {
  function toggle(permission: Permission) {
    const next = new Set(chosen);
    if (!next.delete(permission)) next.add(permission);
    onChange(next);
  }
  return (
    <div className="mt-3 grid grid-cols-[minmax(0,12.5rem)_1fr] gap-x-3 gap-y-1 text-sm">
      {groupRights(mine).map((group) => (
        <div key={group.about} className="contents">
          <span className="text-muted">{subjectOf(group.about)}</span>
          <span className="flex gap-5">
            {group.permissions.map((permission) => (
              <Checkbox
                key={permission}
                label={permission.split(":")[1]}
                aria-label={permission}
                checked={chosen.has(permission)}
                onChange={() => toggle(permission)}
              />
            ))}
          </span>
        </div>
      ))}
    </div>
  );
}
