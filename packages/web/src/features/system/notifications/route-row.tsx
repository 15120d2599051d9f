import { ArrowDown, ArrowUp, Pencil, Trash2 } from "lucide-react";
import { IconButton } from "../../../components/form/button.tsx";
import { describeRoute } from "./route-words.ts";
import { type NotificationRoute, useChannels, useRouteChanges } from "./use-notifications.ts";

type RowProps = {
  route: NotificationRoute;
  all: readonly NotificationRoute[];
  canWrite: boolean;
  onEdit: () => void;
  onDelete: () => void;
};

/** One route with its place in the order. */
export function RouteRow(props: RowProps) {
  const { route, all, canWrite } = props;
  const channels = useChannels().data?.items ?? [];
  const nameOf = (channelId: string) => channels.find((channel) => channel.channelId === channelId)?.name ?? channelId;
  const { matching, going } = describeRoute(route, nameOf);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-1 px-4 py-3">
      <div className="min-w-0 grow basis-60">
        <p className="font-medium [overflow-wrap:anywhere]">
          <span className="num text-muted">{all.indexOf(route) + 1}.</span> {route.name}
          {!route.isEnabled && <span className="ml-1 text-sm font-normal text-muted">● disabled</span>}
        </p>
        <p className="text-sm text-muted [overflow-wrap:anywhere]">{matching}</p>
        <p className="text-sm text-muted [overflow-wrap:anywhere]">{going}</p>
      </div>
      {canWrite && <Actions {...props} />}
    </li>
  );
}

function Actions({ route, all, onEdit, onDelete }: RowProps) {
  const { reorder } = useRouteChanges();
  const place = all.indexOf(route);
  function move(by: number) {
    const ids = all.map(({ routeId }) => routeId).toSpliced(place, 1);
    reorder.mutate(ids.toSpliced(place + by, 0, route.routeId));
  }
  const isFixed = (end: number) => place === end || reorder.isPending;
  return (
    <div className="flex shrink-0 items-center gap-1">
      <IconButton label={`Move ${route.name} up`} disabled={isFixed(0)} onClick={() => move(-1)}>
        <ArrowUp size={14} />
      </IconButton>
      <IconButton label={`Move ${route.name} down`} disabled={isFixed(all.length - 1)} onClick={() => move(1)}>
        <ArrowDown size={14} />
      </IconButton>
      <IconButton label={`Edit ${route.name}`} onClick={onEdit}>
        <Pencil size={14} />
      </IconButton>
      <IconButton label={`Delete ${route.name}`} onClick={onDelete}>
        <Trash2 size={14} />
      </IconButton>
    </div>
  );
}
