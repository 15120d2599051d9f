import { getRouteApi, Link } from "@tanstack/react-router";
import { Copy, Download, Ellipsis, LayoutDashboard, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState } from "../../../../components/feedback/states.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { TextInput } from "../../../../components/form/field.tsx";
import { PageHeader } from "../../../../components/layout/page.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { type PlainColumn, PlainTable } from "../../../../components/table/plain-table.tsx";
import { formatAgo, formatExactTime } from "../../../../components/text/format.ts";
import { useProject } from "../../../system/session/index.ts";
import { type DashboardSummary, useDashboardChanges, useDashboards } from "../shared/use-dashboards.ts";
import { DeleteDashboard } from "./delete-dashboard.tsx";
import { NewDashboard } from "./new-dashboard.tsx";

const route = getRouteApi("/shell/dashboards");

/** The project's dashboards, and a way to make one. */
export function DashboardsPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const { can } = useProject();
  const list = useDashboards();
  const [word, setWord] = useState("");
  const begin = (what: "1" | "json" | undefined) =>
    void navigate({ search: (old) => ({ ...old, new: what }), replace: search.new !== undefined });
  const items = list.data?.items;
  const found = items?.filter(({ name, description }) =>
    `${name} ${description}`.toLowerCase().includes(word.trim().toLowerCase()),
  );
  const create = can("dashboards:write") && (
    <Button kind="primary" onClick={() => begin("1")}>
      <Plus aria-hidden size={14} /> New dashboard
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Dashboards"
        description="Charts of any measure of the project's spans, visible to all project members."
        action={create}
      >
        {items && items.length > 5 && (
          <TextInput
            type="search"
            aria-label="Search dashboards"
            placeholder="Search by name or description"
            value={word}
            onChange={({ target }) => setWord(target.value)}
            className="max-w-90"
          />
        )}
      </PageHeader>
      <div className="px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The dashboards could not be loaded" />
        ) : items?.length === 0 ? (
          <EmptyState title="No dashboards yet" icon={<LayoutDashboard size={22} />} action={create}>
            A dashboard shows the numbers you check often on one page, such as cost by customer, errors by prompt or
            latency by release. Start with a template for cost, quality, latency or guards.
          </EmptyState>
        ) : found?.length === 0 ? (
          <EmptyState title="No matching dashboards">
            No dashboard has “{word.trim()}” in its name or description.
          </EmptyState>
        ) : (
          <div className="card overflow-hidden">
            <DashboardTable rows={found} />
          </div>
        )}
      </div>
      {search.new && (
        <NewDashboard
          close={() => begin(undefined)}
          isImport={search.new === "json"}
          setIsImport={(isImport) => begin(isImport ? "json" : "1")}
        />
      )}
    </>
  );
}

function DashboardTable({ rows }: { rows: readonly DashboardSummary[] | undefined }) {
  const navigate = route.useNavigate();
  const columns: readonly PlainColumn<DashboardSummary>[] = [
    {
      id: "name",
      header: "Name",
      className: "w-full",
      cell: ({ dashboardId, name, description }) => (
        <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
          <Link
            to="/dashboards/$dashboardId"
            params={{ dashboardId }}
            onClick={(event) => event.stopPropagation()}
            className="font-medium hover:underline"
          >
            {name}
          </Link>
          <span className="text-muted">{description}</span>
        </span>
      ),
    },
    { id: "charts", header: "Charts", isNumber: true, cell: ({ chartCount }) => chartCount },
    {
      id: "changed",
      header: "Changed",
      isWide: true,
      className: "whitespace-nowrap",
      cell: ({ updatedAt, updatedBy }) => (
        <span className="text-muted" title={formatExactTime(updatedAt)}>
          {formatAgo(updatedAt)} by {updatedBy}
        </span>
      ),
    },
    { id: "more", header: <span className="sr-only">Actions</span>, cell: (row) => <RowMenu row={row} /> },
  ];
  return (
    <PlainTable
      label="Dashboards"
      columns={columns}
      rows={rows}
      idOf={({ dashboardId }) => dashboardId}
      onOpen={({ dashboardId }) => void navigate({ to: "/dashboards/$dashboardId", params: { dashboardId } })}
    />
  );
}

function RowMenu({ row }: { row: DashboardSummary }) {
  const { can } = useProject();
  const { duplicate, exportFile } = useDashboardChanges();
  const [isDeleting, setIsDeleting] = useState(false);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions lint/a11y/useKeyWithClickEvents: it only keeps clicks on the menu from opening the row.
    <div onClick={(event) => event.stopPropagation()}>
      <Menu
        align="end"
        trigger={
          <IconButton label={`Actions for ${row.name}`} size="small">
            <Ellipsis size={14} />
          </IconButton>
        }
      >
        <MenuItem icon={<Download size={14} />} onSelect={() => exportFile.mutate(row.dashboardId)}>
          Export as JSON
        </MenuItem>
        {can("dashboards:write") && (
          <>
            <MenuItem icon={<Copy size={14} />} onSelect={() => duplicate.mutate(row.dashboardId)}>
              Duplicate
            </MenuItem>
            <MenuLine />
            <MenuItem icon={<Trash2 size={14} />} isDanger onSelect={() => setIsDeleting(true)}>
              Delete
            </MenuItem>
          </>
        )}
      </Menu>
      {isDeleting && <DeleteDashboard dashboard={row} close={() => setIsDeleting(false)} />}
    </div>
  );
}
