import { Link } from "@tanstack/react-router";
import { Pause, Play, RefreshCw, Sigma } from "lucide-react";
import { useState } from "react";
import { useKeys } from "../../../../components/browser/keys.ts";
import { Button, buttonLook, WHERE_ROOMY } from "../../../../components/form/button.tsx";
import { ColumnMenu } from "../../../../components/table/column-menu.tsx";
import type { Column, TableLayout } from "../../../../components/table/table-layout.ts";
import { FilterBar, type TraceFilter, wholeFilter } from "../../filter/index.ts";
import { MeaningBar, MeaningButton } from "../meaning/meaning-bar.tsx";
import { ExportButton } from "./export-button.tsx";
import type { ListProps } from "./list-props.ts";
import { ReplayLink } from "./replay-link.tsx";
import { ofList, ToDatasetButton } from "./to-dataset-button.tsx";
import type { LiveState } from "./use-live.ts";

type ToolbarProps<Row> = ListProps & {
  live: LiveState;
  /** The filter together with what the list itself asks for. */
  shown: TraceFilter;
  what: "traces" | "spans";
  columns: readonly Column<Row>[];
  layout: TableLayout<Row>;
  isLoading: boolean;
  reload: () => void;
};

const BY_TIME = { order: undefined, direction: undefined } as const;

/** What narrows the list, follows it, loads it again, and chooses its columns. */
export function ListToolbar<Row>({
  filter,
  range,
  search,
  shown,
  what,
  change,
  live,
  columns,
  layout,
  isLoading,
  reload,
}: ToolbarProps<Row>) {
  const [asking, setAsking] = useState(0);
  // New rows come at the top, so following them means: newest first.
  const follow = (isOn: boolean) => change(isOn ? { live: "1", ...BY_TIME } : { live: undefined });
  useKeys("List", [
    { keys: "r", label: "Load the newest rows", run: reload },
    {
      keys: "l",
      label: "Start or pause the live tail",
      run: () => follow(live === "off"),
    },
    { keys: "m", label: "Search by meaning", run: () => setAsking(asking + 1) },
  ]);
  const find = (meaning: string) =>
    change({ ...BY_TIME, meaning, view: search.view ?? "spans", columns: undefined, live: undefined }, true);
  return (
    // Next to an open trace, the buttons show only icons.
    <div className="@container">
      <div className="flex flex-wrap items-start gap-2 px-6 pb-3 max-md:px-4">
        <div className="min-w-48 grow basis-48 max-md:basis-full">
          <FilterBar filter={filter} range={range} onChange={(next) => change(wholeFilter(next))} />
        </div>
        <MeaningButton isOn={asking > 0} toggle={() => setAsking(asking > 0 ? 0 : 1)} />
        <LiveButton state={live} onChange={follow} />
        <Button
          aria-label="Load the newest rows"
          title="Load the newest rows (r)"
          onClick={reload}
          className="w-8 px-0!"
        >
          <RefreshCw aria-hidden size={14} className={`text-muted ${isLoading ? "animate-spin" : ""}`} />
        </Button>
        <ExportButton filter={shown} range={range} what={what} />
        <ToDatasetButton select={ofList(shown, range, what)} isIcon />
        <ReplayLink filter={shown} range={range} />
        <Link
          to="/explore"
          search={{ ...shown, ...range }}
          title="Group these rows and measure them"
          className={`${buttonLook("plain")} max-md:hidden`}
        >
          <Sigma aria-hidden size={14} className="text-muted" /> <span className={WHERE_ROOMY}>Group by</span>
        </Link>
        <div className="max-md:hidden">
          <ColumnMenu columns={columns} layout={layout} />
        </div>
      </div>
      {asking > 0 && <MeaningBar text="" find={find} close={() => setAsking(0)} focus={asking} />}
    </div>
  );
}

const LIVE_WORDS = {
  off: "Live",
  connecting: "Connecting…",
  live: "Live",
  waiting: "Reconnecting…",
} as const satisfies Record<LiveState, string>;

/** Follows new rows as they arrive. Pausing retains the rows that arrived. */
function LiveButton({ state, onChange }: { state: LiveState; onChange: (isOn: boolean) => void }) {
  const isOn = state !== "off";
  const Icon = isOn ? Pause : Play;
  return (
    <Button
      aria-pressed={isOn}
      aria-label={isOn ? `Pause the live tail (${LIVE_WORDS[state]})` : "Start the live tail"}
      title={isOn ? "Pause (l)" : "Start the live tail (l)"}
      onClick={() => onChange(!isOn)}
      className={isOn ? "border-accent! bg-accent-soft! text-accent!" : ""}
    >
      <Icon aria-hidden size={14} />
      <span className={WHERE_ROOMY}>{LIVE_WORDS[state]}</span>
      {state === "live" && <span aria-hidden className="size-1.75 animate-pulse rounded-full bg-accent" />}
    </Button>
  );
}
