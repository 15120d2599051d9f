import { getRouteApi } from "@tanstack/react-router";
import { Users } from "lucide-react";
import { EmptyState } from "../../../components/feedback/states.tsx";
import { AgoCell, MoneyCell, TimeCell, TokensCell } from "../../../components/table/cells.tsx";
import type { Column } from "../../../components/table/table-layout.ts";
import { formatCount, formatMoney, formatNumberOf } from "../../../components/text/format.ts";
import { FilteredList } from "../filter/index.ts";
import { type UserSummary, useUsers } from "./use-users.ts";

const route = getRouteApi("/shell/users");
const idOf = ({ userId }: UserSummary) => userId;

const count = (id: string, header: string, of: (user: UserSummary) => number): Column<UserSummary> => ({
  id,
  header,
  width: 84,
  isNumber: true,
  cell: (user) => formatCount(of(user)),
});

const COLUMNS: readonly Column<UserSummary>[] = [
  {
    id: "id",
    header: "User",
    width: 300,
    isStretched: true,
    cell: ({ userId }) => (
      <span dir="auto" className="truncate font-medium" title={userId}>
        {userId}
      </span>
    ),
  },
  { id: "last", header: "Last seen", width: 110, cell: ({ lastTime }) => <AgoCell iso={lastTime} /> },
  count("traces", "Traces", ({ traceCount }) => traceCount),
  count("sessions", "Sessions", ({ sessionCount }) => sessionCount),
  count("spans", "Spans", ({ spanCount }) => spanCount),
  {
    ...count("errors", "Failed", ({ errorCount }) => errorCount),
    cell: ({ errorCount }) => (
      <span className={errorCount > 0 ? "text-bad" : "text-muted"}>{formatCount(errorCount)}</span>
    ),
  },
  {
    id: "tokens",
    header: "Tokens",
    width: 130,
    isNumber: true,
    cell: (user) => <TokensCell input={user.inputTokens} output={user.outputTokens} />,
  },
  { id: "cost", header: "Cost", width: 100, isNumber: true, cell: ({ costUsd }) => <MoneyCell usd={costUsd} /> },
  { id: "first", header: "First seen", width: 118, cell: ({ firstTime }) => <TimeCell iso={firstTime} /> },
];

/** The end users of the application, with their usage and cost. */
export function UsersPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <FilteredList
      title="Users"
      description="End users of your application, most recently seen first."
      what="user"
      columns={COLUMNS}
      idOf={idOf}
      narrow={(user) => <NarrowUser user={user} />}
      useRows={useUsers}
      search={search}
      change={(next, isNewPlace = false) =>
        void navigate({ search: (old) => ({ ...old, ...next }), replace: !isNewPlace })
      }
      onOpen={({ userId }) => navigate({ to: "/users/$userId", params: { userId } })}
      empty={
        <EmptyState
          title="No users in this time range"
          icon={<Users size={22} />}
          code={`curl … -H "x-treadle-user: ana"`}
        >
          Treadle groups calls by end user. Send your own user id with each call.
        </EmptyState>
      }
    />
  );
}

function NarrowUser({ user }: { user: UserSummary }) {
  return (
    <>
      <div className="flex items-center justify-between gap-2">
        <span dir="auto" className="truncate font-medium">
          {user.userId}
        </span>
        <AgoCell iso={user.lastTime} />
      </div>
      <div className="num mt-1 flex items-center gap-3 overflow-hidden whitespace-nowrap text-muted">
        <span>{formatNumberOf(user.traceCount, "trace")}</span>
        {user.costUsd !== null && <span>{formatMoney(user.costUsd)}</span>}
        {user.errorCount > 0 && <span className="text-bad">{formatCount(user.errorCount)} failed</span>}
      </div>
    </>
  );
}
