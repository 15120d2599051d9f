import { Link } from "@tanstack/react-router";
import { Tag, Undo2, X } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { CopyButton } from "../../components/copy-button.tsx";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { AliasDialog } from "./alias-dialog.tsx";
import { tellUndoable } from "./undo.ts";
import { type Model, type Uses, useAliasMoves, useUses } from "./use-registry.ts";
import { useAliasChanges } from "./use-registry-changes.ts";

type Name = Uses["names"][number];

/** Which version answers each name that requests may ask for, with a way to move an alias and a way back. */
export function AnswersSection({ model }: { model: Model }) {
  const { can } = useProject();
  const uses = useUses(model.name);
  const [isMoving, setMoving] = useState(false);
  const [isHistory, setHistory] = useState(false);
  return (
    <Section
      title="What answers"
      description="The names that requests may ask the gateway for. A move of an alias drops no request."
      action={
        <>
          <Button size="small" kind="quiet" aria-expanded={isHistory} onClick={() => setHistory(!isHistory)}>
            {isHistory ? "Hide the history" : "History"}
          </Button>
          {can("models:write") && (
            <Button size="small" onClick={() => setMoving(true)}>
              <Tag aria-hidden size={13} /> Move an alias
            </Button>
          )}
        </>
      }
    >
      {isMoving && <AliasDialog model={model} close={() => setMoving(false)} />}
      {uses.error && !uses.data ? (
        <ErrorState error={uses.error} retry={() => uses.refetch()} />
      ) : uses.data ? (
        <ul aria-label="Names" className="divide-y divide-line border-line border-t">
          {uses.data.names.map((name) => (
            <NameRow key={name.name} model={model} name={name} />
          ))}
        </ul>
      ) : (
        <Skeleton className="m-4 h-10" />
      )}
      {isHistory && <Moves name={model.name} />}
    </Section>
  );
}

function NameRow({ model, name }: { model: Model; name: Name }) {
  const { can } = useProject();
  const alias = model.aliases.find((one) => `${model.name}@${one.alias}` === name.name);
  return (
    <li className="flex min-h-11 flex-wrap items-center gap-x-3 gap-y-1 px-4 py-1.5">
      <span className="inline-flex min-w-0 items-center gap-1">
        <code className="min-w-0 text-sm [overflow-wrap:anywhere]">{name.name}</code>
        <CopyButton text={name.name} label={`Copy ${name.name}`} />
      </span>
      <span aria-hidden className="text-muted">
        →
      </span>
      <span className="num font-medium">{name.version === null ? "nothing" : `version ${name.version}`}</span>
      {alias && (
        <span className="text-muted">
          moved by {alias.movedBy}, <AgoCell iso={alias.movedAt} />
        </span>
      )}
      {name.endpoints.map(({ endpointId, name: endpoint }) => (
        <Link key={endpointId} to="/endpoints" className="text-accent underline underline-offset-2">
          endpoint {endpoint}
        </Link>
      ))}
      {alias && can("models:write") && <AliasActions model={model} alias={alias} />}
      {name.whyNot && <span className="basis-full text-warn [overflow-wrap:anywhere]">{name.whyNot}</span>}
    </li>
  );
}

type AliasProps = { model: Model; alias: Model["aliases"][number] };

function AliasActions({ model, alias: { alias, version } }: AliasProps) {
  const { move, rollBack, remove } = useAliasChanges(model.name);
  const [isAsked, setAsked] = useState(false);
  function goBack() {
    rollBack.mutate(alias, {
      onSuccess: ({ aliases }) => {
        const now = aliases.find((one) => one.alias === alias)?.version;
        tellUndoable(`${alias} is back at version ${now}`, () =>
          move.mutateAsync({ alias, version: String(version), reason: "Rolled forward again" }),
        );
      },
    });
  }
  return (
    <span className="ml-auto flex items-center gap-1">
      <Button size="small" isBusy={rollBack.isPending} onClick={goBack}>
        <Undo2 aria-hidden size={13} /> Roll back<span className="sr-only"> {alias}</span>
      </Button>
      <IconButton label={`Take ${alias} away`} size="small" onClick={() => setAsked(true)}>
        <X size={14} />
      </IconButton>
      {isAsked && (
        <ConfirmDialog
          title={`Take ${alias} away?`}
          verb="Take the alias away"
          isBusy={remove.isPending}
          close={() => setAsked(false)}
          // Once it is gone its row is too, with all that would hear of it but this.
          onConfirm={() =>
            void remove.mutateAsync(alias).then(
              () => toastDone(`${alias} is taken away`),
              () => setAsked(false),
            )
          }
        >
          Requests for{" "}
          <code>
            {model.name}@{alias}
          </code>{" "}
          get an error from then on. Version {version} stays.
        </ConfirmDialog>
      )}
    </span>
  );
}

/** Every move there was: from where to where, by whom, when and why. */
function Moves({ name }: { name: string }) {
  const list = useAliasMoves(name);
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !items) return <ErrorState error={list.error} retry={() => list.refetch()} />;
  if (!items) return <Skeleton className="m-4 h-10" />;
  if (items.length === 0)
    return <p className="border-line border-t px-4 py-3 text-muted">No alias of this model has moved yet.</p>;
  return (
    <div className="border-line border-t bg-raised/40">
      <ol aria-label="History of aliases" className="divide-y divide-line">
        {items.map(({ alias, from, to, movedBy, movedAt, reason }) => (
          <li key={`${alias} ${movedAt} ${to}`} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 px-4 py-2">
            <span className="font-medium">{alias}</span>
            <span className="num">
              {from !== null && `v${from} `}→ {to === null ? "nowhere" : `v${to}`}
            </span>
            <span className="text-muted">
              by {movedBy}, <AgoCell iso={movedAt} />
            </span>
            {reason && <span className="[overflow-wrap:anywhere]">{reason}</span>}
          </li>
        ))}
      </ol>
      <MoreRows list={list} />
    </div>
  );
}
