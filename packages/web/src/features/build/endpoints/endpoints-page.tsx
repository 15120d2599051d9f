import { getRouteApi } from "@tanstack/react-router";
import { Plus, Route } from "lucide-react";
import { EmptyState, ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { useProject } from "../../system/session/index.ts";
import { EndpointCard } from "./endpoint-card.tsx";
import { EndpointForm } from "./endpoint-form.tsx";
import { useEndpoints } from "./use-endpoints.ts";

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
            An endpoint splits its calls across variants and uses fallbacks when a model fails. Callers know only the
            endpoint name.
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
