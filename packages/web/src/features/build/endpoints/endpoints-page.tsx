import { getRouteApi, Link } from "@tanstack/react-router";
import { Ellipsis, Plus, Route } from "lucide-react";
import { useState } from "react";
import { copyText } from "../../../components/feedback/copy-button.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { PageHeader, Section } from "../../../components/layout/page.tsx";
import { ConfirmDialog } from "../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem, MenuLine } from "../../../components/overlay/menu.tsx";
import { formatDuration, formatPercent } from "../../../components/text/format.ts";
import { useProject } from "../../system/session/index.ts";
import { EndpointForm } from "./endpoint-form.tsx";
import { EndpointVersions } from "./endpoint-versions.tsx";
import { SemanticCacheRow } from "./semantic-cache-row.tsx";
import { ASSIGN_BY_WORDS, type Endpoint, useDeleteEndpoint, useEndpoints } from "./use-endpoints.ts";
import { wordsOf } from "./variant-settings.tsx";

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
  const edited = items?.find(({ endpointId }) => endpointId === edit);
  const add = canWrite && (
    <Button kind="primary" onClick={() => open(NEW)}>
      <Plus aria-hidden size={14} /> New endpoint
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Endpoints"
        description="A name that your application uses as the model. You can change the models behind it without a new release."
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
            title="No endpoints yet"
            icon={<Route size={22} />}
            action={add}
            code={`client.chat.completions.create({ model: "support", … })`}
          >
            An endpoint splits its calls across variants by weight and uses fallbacks when a model fails. Callers know
            only the endpoint name.
          </EmptyState>
        )}
        {items?.map((endpoint) => (
          <EndpointCard
            key={endpoint.endpointId}
            endpoint={endpoint}
            onEdit={canWrite ? () => open(endpoint.endpointId) : undefined}
          />
        ))}
      </div>
      {canWrite && (edit === NEW || edited) && (
        <EndpointForm key={edit} endpoint={edited} close={() => open(undefined)} />
      )}
    </>
  );
}

function EndpointCard({ endpoint, onEdit }: { endpoint: Endpoint; onEdit: (() => void) | undefined }) {
  const { name, description, variants, assignBy, fallbacks, cacheTtlSeconds } = endpoint;
  const action = (
    <>
      <Link
        to="/traces"
        search={{ endpoint: name, view: "spans" }}
        className="mr-1 text-muted underline-offset-2 hover:text-text hover:underline"
      >
        View calls
      </Link>
      {onEdit && <Button onClick={onEdit}>Edit</Button>}
      <MoreMenu endpoint={endpoint} canWrite={onEdit !== undefined} />
    </>
  );
  return (
    <Section title={name} description={description || undefined} action={action}>
      <div className="grid grid-cols-[8rem_minmax(0,1fr)] gap-x-6 gap-y-2 px-4 pb-4 max-sm:grid-cols-1">
        <span className="text-muted">Variants</span>
        <ul className="num flex flex-col gap-1.5">
          {variants.map((variant) => (
            <li key={variant.name} className="flex flex-wrap items-center gap-x-3">
              <span className="w-64 min-w-0 shrink truncate" title={`${variant.name}: ${variant.model}`}>
                {variant.name} <code className="ml-1 text-xs text-muted">{variant.model}</code>
              </span>
              <span aria-hidden className="h-1.5 w-32 overflow-hidden rounded-full bg-raised max-sm:hidden">
                <span
                  className="block h-full rounded-full bg-accent"
                  style={{ width: `${shareOf(endpoint, variant) * 100}%` }}
                />
              </span>
              <span>{shareWords(endpoint, variant)}</span>
              <span className="text-xs break-all text-muted">{settingsOf(variant)}</span>
            </li>
          ))}
        </ul>
        {variants.length > 1 && <span className="text-muted">Assigned by</span>}
        {variants.length > 1 && <span>{ASSIGN_BY_WORDS[assignBy]}</span>}
        {fallbacks.length > 0 && <span className="text-muted">Fallbacks</span>}
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
        {endpoint.semanticCache && <SemanticCacheRow endpoint={endpoint} canWrite={onEdit !== undefined} />}
      </div>
    </Section>
  );
}

type Variant = Endpoint["variants"][number];

/** The share of units that a variant gets now: in a rollout the candidate's comes first, and the others divide the rest. */
function shareOf({ variants, rollout }: Endpoint, { name, weight }: Variant): number {
  const total = variants.reduce((sum, variant) => sum + variant.weight, 0);
  if (rollout?.candidate === name) return rollout.share;
  return total > 0 ? (weight / total) * (1 - (rollout?.share ?? 0)) : 0;
}

function shareWords(endpoint: Endpoint, variant: Variant): string {
  const share = shareOf(endpoint, variant);
  const words = share > 0 ? formatPercent(share) : "never";
  return endpoint.rollout?.candidate === variant.name ? `${words}, in a rollout` : words;
}

const settingsOf = (variant: Variant) => wordsOf(variant).replace(/^Settings(: )?/, "");

function MoreMenu({ endpoint, canWrite }: { endpoint: Endpoint; canWrite: boolean }) {
  const remove = useDeleteEndpoint();
  const [isDeleting, setIsDeleting] = useState(false);
  const [isShowingVersions, setIsShowingVersions] = useState(false);
  const trigger = (
    <IconButton label={`Actions for ${endpoint.name}`}>
      <Ellipsis size={16} />
    </IconButton>
  );
  return (
    <>
      <Menu trigger={trigger} align="end">
        <MenuItem onSelect={async () => (await copyText(endpoint.name)) && toastDone("Copied the endpoint name")}>
          Copy name
        </MenuItem>
        <MenuItem onSelect={() => setIsShowingVersions(true)}>Versions…</MenuItem>
        {canWrite && <MenuLine />}
        {canWrite && (
          <MenuItem isDanger onSelect={() => setIsDeleting(true)}>
            Delete…
          </MenuItem>
        )}
      </Menu>
      {isShowingVersions && (
        <EndpointVersions endpoint={endpoint} canRestore={canWrite} close={() => setIsShowingVersions(false)} />
      )}
      {isDeleting && (
        <ConfirmDialog
          title={`Delete endpoint ${endpoint.name}?`}
          verb="Delete endpoint"
          isBusy={remove.isPending}
          onConfirm={() =>
            remove.mutate(endpoint.endpointId, { onSuccess: () => toastDone(`Deleted ${endpoint.name}`) })
          }
          close={() => setIsDeleting(false)}
        >
          Applications that call <code>{endpoint.name}</code> will get an error. Its models and recorded traces remain.
        </ConfirmDialog>
      )}
    </>
  );
}
