import type { SearchMode } from "@treadle/contract";
import { SearchX } from "lucide-react";
import { useState } from "react";
import { useMedia } from "../../../../components/browser/media.ts";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { formatDuration, formatNumberOf } from "../../../../components/text/format.ts";
import type { QuerySearch } from "../shared/knowledge-search.ts";
import type { Base } from "../shared/use-bases.ts";
import { HitCard } from "./hit-card.tsx";
import { bodyOf, columnsOf } from "./search-columns.ts";
import { type SearchResult, useSearch } from "./use-search.ts";

const TITLES: Readonly<Record<SearchMode, string>> = { words: "By words", meaning: "By meaning", hybrid: "Joined" };
/** Three columns need this much space. */
const ROOMY = "(min-width: 1100px)";

type ResultsProps = { base: Base; mode: SearchMode; address: QuerySearch };

/** The lists side by side, or as tabs where there is no room. */
export function SearchResults(props: ResultsProps) {
  const columns = columnsOf(props.mode);
  const isRoomy = useMedia(ROOMY);
  const [shown, setShown] = useState(props.mode);
  const [lit, setLit] = useState<string>();
  const column = (name: SearchMode) => <Column key={name} {...props} name={name} lit={lit} onLight={setLit} />;
  if (columns.length === 1) return <div className="max-w-220">{columns.map(column)}</div>;
  if (isRoomy) return <div className="grid grid-cols-3 items-start gap-4">{columns.map(column)}</div>;
  return (
    <>
      <Tabs label="Lists" names={columns} words={TITLES} shown={shown} onShow={setShown} />
      <div role="tabpanel" aria-label={TITLES[shown]}>
        {column(shown)}
      </div>
    </>
  );
}

type ColumnProps = ResultsProps & {
  name: SearchMode;
  /** The chunk under the pointer, which is marked in all columns. */
  lit: string | undefined;
  onLight: (chunkId: string | undefined) => void;
};

function Column(props: ColumnProps) {
  const { base, mode, address, name } = props;
  const search = useSearch(base.knowledgeBaseId, bodyOf(name, mode, address));
  const { data, error } = search;
  return (
    <section
      aria-label={TITLES[name]}
      aria-busy={search.isFetching || undefined}
      className="flex min-w-0 flex-col gap-2"
    >
      <Heading name={name} mode={mode} result={error ? undefined : data} />
      {error ? (
        <ErrorState error={error} retry={() => search.refetch()} title="The search failed" />
      ) : !data ? (
        <Loading />
      ) : data.hits.length === 0 ? (
        <NoHits name={name} isRestricted={address.as === undefined} />
      ) : (
        <Hits {...props} result={data} isOld={search.isPlaceholderData} />
      )}
    </section>
  );
}

type HeadingProps = Pick<ColumnProps, "name" | "mode"> & { result: SearchResult | undefined };

const Heading = ({ name, mode, result }: HeadingProps) => (
  <div className="flex flex-wrap items-baseline justify-between gap-x-3">
    {/* A tab already says it where there is no room. */}
    <h2 className={`font-semibold ${mode === "hybrid" ? "max-lg:sr-only" : ""}`}>{TITLES[name]}</h2>
    {result && (
      <span className="num text-xs text-muted">
        {formatNumberOf(result.hits.length, "chunk")} of version {result.version} in {formatDuration(result.durationMs)}
      </span>
    )}
  </div>
);

type HitsProps = Pick<ColumnProps, "base" | "name" | "lit" | "onLight"> & {
  result: SearchResult;
  /** Whether another search is running and the result is of the one before it. */
  isOld: boolean;
};

const Hits = ({ base: { knowledgeBaseId }, name, lit, onLight, result: { hits, version }, isOld }: HitsProps) => (
  <ol className={`flex flex-col gap-2 ${isOld ? "opacity-60" : ""}`}>
    {hits.map((hit) => (
      <HitCard
        key={hit.chunkId}
        hit={hit}
        mode={name}
        place={{ knowledgeBaseId, version }}
        isLit={lit === hit.chunkId}
        onLight={onLight}
      />
    ))}
  </ol>
);

const Loading = () => (
  <div className="flex flex-col gap-2">
    <Skeleton className="h-28 rounded-card" />
    <Skeleton className="h-28 rounded-card" />
    <Skeleton className="h-28 rounded-card" />
  </div>
);

const NoHits = ({ name, isRestricted }: { name: SearchMode; isRestricted: boolean }) => (
  <EmptyState title="No chunks found" icon={<SearchX size={22} />}>
    {name === "words" ? "No chunk has a word of the query. " : "No chunk can be found with these settings. "}
    {isRestricted && "Only public documents are searched. Name principals in Search as to search others."}
  </EmptyState>
);
