import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import { IconButton } from "../../../components/form/button.tsx";
import { CardRows, SettingsCollection } from "../../../components/layout/settings-collection.tsx";
import { useProject } from "../session/index.ts";
import { RouteForm } from "./route-form.tsx";
import { describeRoute } from "./route-words.ts";
import { type NotificationRoute, useChannels, useRouteChanges, useRoutes } from "./use-notifications.ts";

/** The ordered routes, and the inbox at their end. */
export function RoutesSection() {
  const routes = useRoutes();
  const { remove } = useRouteChanges();
  const canWrite = useProject().can("notifications:write");
  return (
    <SettingsCollection
      title="Routes"
      description="Each notification uses the first route that matches, and the next ones if that route continues."
      query={routes}
      items={routes.data?.items}
      failure="The routes could not be loaded"
      canWrite={canWrite}
      newLabel="New route"
      isNewInHeader
      list={(items, open) => (
        <>
          <CardRows items={items} skeletons={["h-12"]} label="Routes">
            {(route) => (
              <RouteRow
                key={route.routeId}
                route={route}
                all={items ?? []}
                canWrite={canWrite}
                onEdit={() => open("edit", route)}
                onDelete={() => open("delete", route)}
              />
            )}
          </CardRows>
          <p className="border-line border-t px-4 py-2.5 text-sm text-muted">
            Every notification also appears in the inbox of all members who can see incidents.
          </p>
        </>
      )}
      form={(route, close) => <RouteForm route={route} close={close} />}
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

const removalOf = ({ routeId, name }: NotificationRoute) => ({
  id: routeId,
  title: `Delete ${name}?`,
  verb: "Delete route",
  done: `Deleted ${name}`,
  words: "New notifications no longer use it. Its escalations in progress end.",
});

type RowProps = {
  route: NotificationRoute;
  all: readonly NotificationRoute[];
  canWrite: boolean;
  onEdit: () => void;
  onDelete: () => void;
};

function RouteRow({ route, all, canWrite, onEdit, onDelete }: RowProps) {
  const { reorder } = useRouteChanges();
  const channels = useChannels().data?.items ?? [];
  const nameOf = (channelId: string) => channels.find((channel) => channel.channelId === channelId)?.name ?? channelId;
  const place = all.indexOf(route);
  function move(by: number) {
    const ids = all.map(({ routeId }) => routeId).toSpliced(place, 1);
    reorder.mutate(ids.toSpliced(place + by, 0, route.routeId));
  }
  const { matching, going } = describeRoute(route, nameOf);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-3">
      <div className="min-w-0 grow basis-60">
        <p className="font-medium [overflow-wrap:anywhere]">
          <span className="num text-muted">{place + 1}.</span> {route.name}
          {!route.isEnabled && <span className="ml-1 text-sm font-normal text-muted">● disabled</span>}
        </p>
        <p className="text-sm text-muted [overflow-wrap:anywhere]">{matching}</p>
        <p className="text-sm text-muted [overflow-wrap:anywhere]">{going}</p>
      </div>
      {canWrite && (
        <div className="flex shrink-0 items-center gap-1">
          <IconButton
            label={`Move ${route.name} up`}
            disabled={place === 0 || reorder.isPending}
            onClick={() => move(-1)}
          >
            <ArrowUp size={14} />
          </IconButton>
          <IconButton
            label={`Move ${route.name} down`}
            disabled={place === all.length - 1 || reorder.isPending}
            onClick={() => move(1)}
          >
            <ArrowDown size={14} />
          </IconButton>
          <IconButton label={`Edit ${route.name}`} onClick={onEdit}>
            <Pencil size={14} />
          </IconButton>
          <IconButton label={`Delete ${route.name}`} onClick={onDelete}>
            <Trash2 size={14} />
          </IconButton>
        </div>
      )}
    </li>
  );
}
