import { getRouteApi, Link } from "@tanstack/react-router";
import { Ellipsis, Plus, Route } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { copyText } from "../../components/copy-button.tsx";
import { formatDuration, formatPercent } from "../../components/format.ts";
import { Menu, MenuItem, MenuLine } from "../../components/menu.tsx";
import { PageHeader, Section } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { EndpointForm } from "./endpoint-form.tsx";
import { type Endpoint, useDeleteEndpoint, useEndpoints } from "./use-endpoints.ts";

const route = getRouteApi("/shell/endpoints");
const NEW = "new";

/** Names that applications call, so that what answers can be changed without changing them. */
export function EndpointsPage() {
  const endpoints = useEndpoints();
  const project = useProject();
  const { edit } = route.useSearch();
  const navigate = route.useNavigate();
  const open = (id: string | undefined) => void navigate({ search: (old) => ({ ...old, edit: id }) });
  const canWrite = project.can("endpoints:write");
  const items = endpoints.data?.items;
  const edited = items?.find(({ id }) => id === edit);
  const add = canWrite && (
    <Button kind="primary" onClick={() => open(NEW)}>
      <Plus aria-hidden size={14} /> New endpoint
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Endpoints"
        description="A name your application calls as its model. What answers behind it can change without a new release."
        action={items && items.length > 0 && add}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {endpoints.error && !items && (
          <ErrorState
            error={endpoints.error}
            retry={() => endpoints.refetch()}
            title="The endpoints could not be loaded"
          />
        )}
        {endpoints.isPending && [0, 1].map((row) => <Skeleton key={row} className="h-32 rounded-card" />)}
        {items?.length === 0 && (
          <EmptyState
            title="No endpoint yet"
            icon={<Route size={22} />}
            action={add}
            code={`client.chat.completions.create({ model: "support", … })`}
          >
            An endpoint splits its calls over several models by weight, and falls back to others when one fails. Callers
            only know its name.
          </EmptyState>
        )}
        {items?.map((endpoint) => (
          <EndpointCard key={endpoint.id} endpoint={endpoint} onEdit={canWrite ? () => open(endpoint.id) : undefined} />
        ))}
      </div>
      {canWrite && (edit === NEW || edited) && (
        <EndpointForm key={edit} endpoint={edited} close={() => open(undefined)} />
      )}
    </>
  );
}

function EndpointCard({ endpoint, onEdit }: { endpoint: Endpoint; onEdit: (() => void) | undefined }) {
  const { name, description, targets, fallbacks, cacheTtlSeconds } = endpoint;
  const total = targets.reduce((sum, { weight }) => sum + weight, 0);
  const action = (
    <>
      <Link
        to="/traces"
        search={{ endpoint: name, view: "spans" }}
        className="mr-1 text-muted underline-offset-2 hover:text-text hover:underline"
      >
        Its calls
      </Link>
      {onEdit && <Button onClick={onEdit}>Edit</Button>}
      {onEdit && <MoreMenu endpoint={endpoint} />}
    </>
  );
  return (
    <Section title={name} description={description || undefined} action={action}>
      <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-6 gap-y-2 px-4 pb-4 max-sm:grid-cols-1">
        <span className="text-muted">Answered by</span>
        <ul className="num flex flex-col gap-1.5">
          {targets.map((target) => (
            <li key={target.model} className="flex items-center gap-3">
              <code className="w-64 shrink truncate text-xs" title={target.model}>
                {target.model}
              </code>
              <span aria-hidden className="h-1.5 w-32 overflow-hidden rounded-full bg-raised max-sm:hidden">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ width: `${total > 0 ? (target.weight / total) * 100 : 0}%` }}
                />
              </span>
              <span>{total > 0 ? formatPercent(target.weight / total) : "never"}</span>
            </li>
          ))}
        </ul>
        {fallbacks.length > 0 && <span className="text-muted">When that fails</span>}
        {fallbacks.length > 0 && (
          <ol className="flex flex-wrap gap-x-2 gap-y-1">
            {fallbacks.map((model, index) => (
              <li key={model} className="flex items-baseline gap-2">
                {index > 0 && <span className="text-muted">then</span>}
                <code className="text-xs break-all">{model}</code>
              </li>
            ))}
          </ol>
        )}
        {cacheTtlSeconds > 0 && <span className="text-muted">Exact cache</span>}
        {cacheTtlSeconds > 0 && <span className="num">for {formatDuration(cacheTtlSeconds * 1_000)}</span>}
      </div>
    </Section>
  );
}

function MoreMenu({ endpoint }: { endpoint: Endpoint }) {
  const remove = useDeleteEndpoint();
  const [isDeleting, setIsDeleting] = useState(false);
  const trigger = (
    <IconButton label={`More for ${endpoint.name}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        <MenuItem onSelect={async () => (await copyText(endpoint.name)) && toastDone("Copied the endpoint's name")}>
          Copy the name
        </MenuItem>
        <MenuLine />
        <MenuItem isDanger onSelect={() => setIsDeleting(true)}>
          Delete…
        </MenuItem>
      </Menu>
      {isDeleting && (
        <ConfirmDialog
          title={`Delete the endpoint ${endpoint.name}?`}
          verb="Delete the endpoint"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(endpoint.id, { onSuccess: () => toastDone(`Deleted ${endpoint.name}`) })}
          close={() => setIsDeleting(false)}
        >
          Applications that call <code>{endpoint.name}</code> get an error from then on. Its models and its recorded
          traces stay.
        </ConfirmDialog>
      )}
    </>
  );
}
