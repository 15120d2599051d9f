import { CardRows, SettingsCollection } from "../../../components/layout/settings-collection.tsx";
import { useProject } from "../session/index.ts";
import { RouteForm } from "./route-form.tsx";
import { RouteRow } from "./route-row.tsx";
import { type NotificationRoute, useRouteChanges, useRoutes } from "./use-notifications.ts";

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
      newKind="plain"
      isNewInHeader
      list={(items, open) => <Routes items={items} canWrite={canWrite} open={open} />}
      form={(route, close) => <RouteForm route={route} close={close} />}
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

type RoutesProps = {
  items: readonly NotificationRoute[] | undefined;
  canWrite: boolean;
  open: (dialog: "edit" | "delete", route: NotificationRoute) => void;
};

const Routes = ({ items, canWrite, open }: RoutesProps) => (
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
);

const removalOf = ({ routeId, name }: NotificationRoute) => ({
  id: routeId,
  title: `Delete ${name}?`,
  verb: "Delete route",
  done: `Deleted ${name}`,
  words: "New notifications no longer use it. Its escalations in progress end.",
});
