import { Link } from "@tanstack/react-router";
import { Tag, Undo2, X } from "lucide-react";
import { useState } from "react";
import { CopyButton } from "../../../../components/feedback/copy-button.tsx";
import { ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { AgoCell } from "../../../../components/table/cells.tsx";
import { MoreRows } from "../../../../components/table/more-rows.tsx";
import { formatNumberOf } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { AliasDialog } from "../shared/alias-dialog.tsx";
import { tellUndoable } from "../shared/undo.ts";
import { type Model, type Uses, useAliasMoves, useUses } from "../shared/use-registry.ts";
import { useAliasChanges } from "../shared/use-registry-changes.ts";

type Name = Uses["names"][number];

/** The names that requests can use and the version behind each, with actions to move and roll back an alias. */
export function AnswersSection({ model }: { model: Model }) {
  const { can } = useProject();
  const uses = useUses(model.name);
  const [isMoving, setMoving] = useState(false);
  const [isHistory, setHistory] = useState(false);
  return (
    <Section
      title="Request names"
      description="The model names that the gateway accepts. Moving an alias does not interrupt requests."
      action={
        <>
          <Button size="small" kind="quiet" aria-expanded={isHistory} onClick={() => setHistory(!isHistory)}>
            {isHistory ? "Hide history" : "History"}
          </Button>
          {can("models:write") && (
            <Button size="small" onClick={() => setMoving(true)}>
              <Tag aria-hidden size={13} /> Move alias
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
      <span className="num font-medium">{name.version === null ? "no version" : `version ${name.version}`}</span>
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
      onSuccess: ({ aliases, deployment }) => {
        if (deployment) return toastDone(`Started ${formatNumberOf(deployment.rolloutIds.length, "rollout")}`);
        const now = aliases.find((one) => one.alias === alias)?.version;
        tellUndoable(`${alias} is back at version ${now}`, () =>
          move.mutateAsync({ alias, version: String(version), reason: "Rollback undone" }),
        );
      },
    });
  }
  return (
    <span className="ml-auto flex items-center gap-1">
      <Button size="small" isBusy={rollBack.isPending} onClick={goBack}>
        <Undo2 aria-hidden size={13} /> Roll back<span className="sr-only"> {alias}</span>
      </Button>
      <IconButton label={`Delete alias ${alias}`} size="small" onClick={() => setAsked(true)}>
        <X size={14} />
      </IconButton>
      {isAsked && (
        <ConfirmDialog
          title={`Delete alias ${alias}?`}
          verb="Delete alias"
          isBusy={remove.isPending}
          close={() => setAsked(false)}
          // The row disappears with the alias, so the toast comes from the promise and not from a row callback.
          onConfirm={() =>
            void remove.mutateAsync(alias).then(
              () => toastDone(`Deleted alias ${alias}`),
              () => setAsked(false),
            )
          }
        >
          Requests for{" "}
          <code>
            {model.name}@{alias}
          </code>{" "}
          will fail. Version {version} is not deleted.
        </ConfirmDialog>
      )}
    </span>
  );
}

/** Every move of an alias: from, to, by whom, when and why. */
function Moves({ name }: { name: string }) {
  const list = useAliasMoves(name);
  const items = list.data?.pages.flatMap((page) => page.items);
  if (list.error && !items) return <ErrorState error={list.error} retry={() => list.refetch()} />;
  if (!items) return <Skeleton className="m-4 h-10" />;
  if (items.length === 0)
    return <p className="border-line border-t px-4 py-3 text-muted">No alias of this model has moved yet.</p>;
  return (
    <div className="border-line border-t bg-raised/40">
      <ol aria-label="Alias history" className="divide-y divide-line">
        {items.map(({ alias, from, to, movedBy, movedAt, reason }) => (
          <li key={`${alias} ${movedAt} ${to}`} className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5 px-4 py-2">
            <span className="font-medium">{alias}</span>
            <span className="num">
              {from !== null && `v${from} `}→ {to === null ? "deleted" : `v${to}`}
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
