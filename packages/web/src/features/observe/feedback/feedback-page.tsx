import { getRouteApi } from "@tanstack/react-router";
import { MessageSquareHeart } from "lucide-react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Select, TextInput } from "../../../components/form/field.tsx";
import { SearchField } from "../../../components/form/search-field.tsx";
import { PageHeader } from "../../../components/layout/page.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { TimeRangePicker } from "../../../components/time/time-range-picker.tsx";
import { type FeedbackSearch, HAS_WORDS, isNarrowed, SOURCE_WORDS, toFilter } from "./feedback-search.ts";
import { FeedbackSubpages } from "./feedback-subpages.tsx";
import { FeedbackTable } from "./feedback-table.tsx";
import { useFeedbackList } from "./use-feedback.ts";
import { useScoreConfigs } from "./use-scores.ts";

const route = getRouteApi("/shell/feedback");
const DEFAULT_RANGE = "30d";

/** All feedback of all sources. */
export function FeedbackPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: FeedbackSearch) => void navigate({ search: (old) => ({ ...old, ...next }), replace: true });
  const { from, to } = search;
  const range = { range: search.range ?? DEFAULT_RANGE, from, to };
  const list = useFeedbackList(toFilter(search), range);
  const rows = list.data?.pages.flatMap(({ items }) => items);
  return (
    <>
      <PageHeader
        title="Feedback"
        description="Feedback on answers from end users, your team and span events. Only the newest feedback of each person counts."
        action={
          <TimeRangePicker
            value={range}
            onChange={(next) => change({ range: undefined, from: undefined, to: undefined, ...next })}
          />
        }
      >
        <FeedbackSubpages />
        <Filters search={search} change={change} />
      </PageHeader>
      <div className="px-6 pb-8 max-md:px-4">
        {list.error && !rows ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The feedback could not be loaded" />
        ) : rows?.length === 0 ? (
          <Nothing search={search} change={change} />
        ) : (
          <div className={`card overflow-hidden ${list.isPlaceholderData ? "opacity-60" : ""}`}>
            <FeedbackTable rows={rows} />
            <MoreRows list={list} />
          </div>
        )}
      </div>
    </>
  );
}

type PartProps = { search: FeedbackSearch; change: (next: FeedbackSearch) => void };

function Filters({ search, change }: PartProps) {
  const configs = useScoreConfigs({ search: "", archived: true });
  const names = configs.data?.pages.flatMap(({ items }) => items.map(({ name }) => name)) ?? [];
  const choices = (words: Readonly<Record<string, string>>) =>
    Object.entries(words).map(([value, word]) => (
      <option key={value} value={value}>
        {word}
      </option>
    ));
  return (
    <div className="flex flex-wrap items-center gap-2">
      <SearchField
        label="Search feedback"
        placeholder="Search comments, corrections and users"
        word={search.search ?? ""}
        onChange={(word) => change({ search: word || undefined })}
      />
      <TextInput
        aria-label="Score"
        placeholder="Score, such as helpful"
        list="feedback-names"
        defaultValue={search.name ?? ""}
        key={`name ${search.name ?? ""}`}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        onBlur={({ target }) => change({ name: target.value.trim() || undefined })}
        className="w-44!"
      />
      <datalist id="feedback-names">
        {names.map((name) => (
          <option key={name} value={name} />
        ))}
      </datalist>
      <TextInput
        aria-label="Value"
        placeholder="Value, such as false"
        defaultValue={search.value ?? ""}
        key={`value ${search.value ?? ""}`}
        onKeyDown={(event) => event.key === "Enter" && event.currentTarget.blur()}
        onBlur={({ target }) => change({ value: target.value.trim() || undefined })}
        className="w-40!"
      />
      <Select
        aria-label="Source"
        value={search.source ?? ""}
        onChange={({ target }) => change({ source: target.value || undefined })}
        className="w-44!"
      >
        <option value="">Any source</option>
        {choices(SOURCE_WORDS)}
      </Select>
      <Select
        aria-label="Content"
        value={search.has ?? ""}
        onChange={({ target }) => change({ has: target.value || undefined })}
        className="w-44!"
      >
        <option value="">Any content</option>
        {choices(HAS_WORDS)}
      </Select>
      {isNarrowed(search) && (
        <Button kind="quiet" onClick={() => change(NOTHING)}>
          Clear filters
        </Button>
      )}
    </div>
  );
}

const NOTHING: FeedbackSearch = {
  search: undefined,
  name: undefined,
  value: undefined,
  source: undefined,
  signal: undefined,
  has: undefined,
  userId: undefined,
  traceId: undefined,
  sessionId: undefined,
};

function Nothing({ search, change }: PartProps) {
  if (isNarrowed(search))
    return (
      <EmptyState title="No matching feedback" action={<Button onClick={() => change(NOTHING)}>Clear filters</Button>}>
        No feedback in this time range matches the filters.
      </EmptyState>
    );
  return (
    <EmptyState
      title="No feedback in this time range"
      icon={<MessageSquareHeart size={22} />}
      code={`curl -H "authorization: Bearer $TREADLE_API_KEY" -H "content-type: application/json" ${window.location.origin}/api/v1/feedback -d '{"target":{"traceId":"…"},"name":"helpful","value":true}'`}
    >
      Applications send feedback with a trace id or response id. End users give feedback in a widget, and your team on a
      trace page.
    </EmptyState>
  );
}
