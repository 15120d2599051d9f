import { ModelAlias } from "@treadle/contract";
import { type FormEvent, useState } from "react";
import { explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button } from "../../../../components/form/button.tsx";
import { Field, Select, TextInput } from "../../../../components/form/field.tsx";
import { Dialog, DialogActions } from "../../../../components/overlay/dialog.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { tellUndoable } from "./undo.ts";
import { type Model, useVersions } from "./use-registry.ts";
import { useAliasChanges } from "./use-registry-changes.ts";

/** Suggested names. */
const USUAL = ["production", "staging"];
type DialogProps = { model: Model; version?: number; close: () => void };

/** Points an alias at a version for all callers. The toast offers undo. */
export function AliasDialog({ model, version, close }: DialogProps) {
  const { move, remove } = useAliasChanges(model.name);
  const versions = useVersions(model.name).data?.pages.flatMap((page) => page.items) ?? [];
  const places = new Map(model.aliases.map((place) => [place.alias, place.version]));
  const names = [...new Set([...USUAL, ...places.keys()])];
  const [target, setTarget] = useState(version ?? model.latest?.version ?? 1);
  const [alias, setAlias] = useState(() => names.find((name) => places.get(name) !== target) ?? "");
  const [reason, setReason] = useState("");
  const [isTried, setTried] = useState(false);
  const problem = ModelAlias.safeParse(alias).error?.issues[0]?.message;
  const from = places.get(alias);
  const isThere = from === target;
  function submit(event: FormEvent) {
    event.preventDefault();
    setTried(true);
    if (problem || isThere) return;
    const takeBack = () =>
      from === undefined
        ? remove.mutateAsync(alias)
        : move.mutateAsync({ alias, version: String(from), reason: "Undone" });
    const onSuccess = ({ deployment }: { deployment: { rolloutIds: string[] } | null }) => {
      if (deployment)
        toastDone(`Started ${formatNumberOf(deployment.rolloutIds.length, "rollout")} of version ${target}`);
      else tellUndoable(`${alias} now points to version ${target}`, takeBack);
      close();
    };
    move.mutate({ alias, version: String(target), reason }, { onSuccess });
  }
  return (
    <Dialog
      title="Move alias"
      description={`The version that answers requests for ${model.name}@${alias || "alias"}. The change applies to the next request.`}
      close={close}
      width="narrow"
    >
      <form onSubmit={submit} className="flex flex-col gap-4">
        <fieldset className="flex flex-wrap gap-1.5">
          <legend className="sr-only">Existing aliases</legend>
          {names.map((name) => (
            <Button
              key={name}
              size="small"
              aria-pressed={name === alias}
              onClick={() => setAlias(name)}
              className="aria-pressed:border-accent aria-pressed:bg-accent-soft aria-pressed:text-accent"
            >
              {name}
              {places.has(name) && <span className="num text-muted">v{places.get(name)}</span>}
            </Button>
          ))}
        </fieldset>
        <Field label="Alias" help="Choose an alias, or enter a new name" error={isTried ? problem : undefined}>
          {(field) => (
            <TextInput
              {...field}
              value={alias}
              maxLength={60}
              onChange={({ target: { value } }) => setAlias(value)}
              className="font-mono text-sm"
            />
          )}
        </Field>
        <Field label="Version">
          {(field) => (
            <Select {...field} value={target} onChange={(event) => setTarget(Number(event.target.value))}>
              {versions.map((one) => (
                <option key={one.version} value={one.version}>
                  v{one.version}
                  {one.stage === "none" ? "" : `, ${one.stage}`}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <Field label="Reason" isOptional>
          {(field) => (
            <TextInput
              {...field}
              value={reason}
              maxLength={2_000}
              onChange={({ target: { value } }) => setReason(value)}
              autoFocus
            />
          )}
        </Field>
        <Failure text={move.error ? explain(move.error) : undefined} />
        <p className="num text-muted">
          {isThere ? (
            `${alias} already points to this version.`
          ) : (
            <>
              {alias}: {from === undefined ? "new" : `version ${from}`} →{" "}
              <span className="text-text">version {target}</span>
            </>
          )}
        </p>
        <DialogActions>
          <Button onClick={close}>Cancel</Button>
          <Button type="submit" kind="primary" isBusy={move.isPending} disabled={isThere}>
            Move alias
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
