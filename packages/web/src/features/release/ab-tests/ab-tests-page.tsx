import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { AB_TEST_STATES } from "@treadle/contract";
import { Plus, SearchX, Split } from "lucide-react";
import type { ReactNode } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button, buttonLook } from "../../../components/form/button.tsx";
import { Select } from "../../../components/form/field.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useProject } from "../../system/session/index.ts";
import { AbTestState, stateWord } from "./ab-test-words.tsx";
import { type AbTest, useAbTests } from "./use-ab-tests.ts";

const route = getRouteApi("/shell/ab-tests");

/** The project's A/B tests, newest first. */
export function AbTestsPage() {
  const { state: word } = route.useSearch();
  const state = AB_TEST_STATES.find((one) => one === word);
  const canWrite = useProject().can("endpoints:write");
  const list = useAbTests(state);
  const items = list.data?.pages.flatMap((page) => page.items);
  const add = canWrite && <NewTestLink />;
  return (
    <>
      <PageHeader
        title="A/B tests"
        description="An A/B test divides the traffic of an endpoint between variants and compares them."
        action={items && (items.length > 0 || state !== undefined) && add}
      />
      <div className="flex flex-col gap-4 px-6 pb-8 max-md:px-4">
        {list.error && !items ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The A/B tests could not be loaded" />
        ) : items?.length === 0 && state === undefined ? (
          <NoTests action={add} />
        ) : (
          <>
            <StateSelect state={state} />
            {items?.length === 0 ? <NoMatches /> : <TestTable list={list} items={items} />}
          </>
        )}
      </div>
    </>
  );
}

const NewTestLink = () => (
  <Link to="/ab-tests/new" className={buttonLook("primary")}>
    <Plus aria-hidden size={14} /> New A/B test
  </Link>
);

const NoTests = ({ action }: { action: ReactNode }) => (
  <EmptyState title="No A/B tests yet" icon={<Split size={22} />} action={action}>
    Choose two or more variants of an endpoint. Each user gets the same variant for the whole test.
  </EmptyState>
);

function StateSelect({ state }: { state: AbTest["state"] | undefined }) {
  const navigate = useNavigate();
  return (
    <Select
      aria-label="State"
      value={state ?? ""}
      onChange={({ target }) =>
        void navigate({ to: "/ab-tests", search: { state: target.value || undefined }, replace: true })
      }
      className="max-w-48"
    >
      <option value="">All states</option>
      {AB_TEST_STATES.map((one) => (
        <option key={one} value={one}>
          {stateWord(one)}
        </option>
      ))}
    </Select>
  );
}

function NoMatches() {
  const navigate = useNavigate();
  const showAll = () => void navigate({ to: "/ab-tests", search: {}, replace: true });
  return (
    <EmptyState
      title="No matching A/B tests"
      icon={<SearchX size={22} />}
      action={<Button onClick={showAll}>Show all A/B tests</Button>}
    >
      No A/B test is in this state.
    </EmptyState>
  );
}

type TableProps = { list: ReturnType<typeof useAbTests>; items: readonly AbTest[] | undefined };

function TestTable({ list, items }: TableProps) {
  const navigate = useNavigate();
  return (
    <div className="card overflow-hidden">
      <PlainTable
        label="A/B tests"
        columns={COLUMNS}
        rows={items}
        idOf={({ abTestId }) => abTestId}
        onOpen={({ abTestId }) => void navigate({ to: "/ab-tests/$abTestId", params: { abTestId } })}
      />
      <MoreRows list={list} />
    </div>
  );
}

const COLUMNS: readonly PlainColumn<AbTest>[] = [
  {
    id: "name",
    header: "Name",
    className: "w-full min-w-36",
    cell: ({ abTestId, name, endpoint, allocation }) => (
      <span className="flex min-w-0 flex-col">
        <Link
          to="/ab-tests/$abTestId"
          params={{ abTestId }}
          onClick={(event) => event.stopPropagation()}
          className="font-medium [overflow-wrap:anywhere] hover:underline"
        >
          {name}
        </Link>
        <span className="line-clamp-1 text-xs text-muted">
          {endpoint}
          {allocation === "adaptive" && " · adaptive shares"}
        </span>
      </span>
    ),
  },
  { id: "state", header: "State", cell: ({ state }) => <AbTestState state={state} /> },
  {
    id: "arms",
    header: "Variants",
    isWide: true,
    className: "min-w-56",
    cell: ({ arms }) => <span className="text-muted">{arms.map(({ variant }) => variant).join(", ")}</span>,
  },
  { id: "winner", header: "Winner", cell: ({ winner }) => winner ?? "–" },
  {
    id: "started",
    header: "Started",
    isWide: true,
    cell: ({ startedAt }) => (startedAt === null ? <span className="text-muted">–</span> : <AgoCell iso={startedAt} />),
  },
];
