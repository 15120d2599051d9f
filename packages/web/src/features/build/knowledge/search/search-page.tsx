import { getRouteApi, Link } from "@tanstack/react-router";
import type { SearchMode } from "@treadle/contract";
import { Search } from "lucide-react";
import { EmptyState, Skeleton } from "../../../../components/feedback/states.tsx";
import { buttonLook } from "../../../../components/form/button.tsx";
import { type Base, useBase } from "../shared/use-bases.ts";
import { SearchForm } from "./search-form.tsx";
import { SearchResults } from "./search-results.tsx";

const route = getRouteApi("/shell/knowledge/$knowledgeBaseId/search");

/** Tries searches: both lists and the joined one, with the reasons of each hit. */
export function SearchPage() {
  const { knowledgeBaseId } = route.useParams();
  const base = useBase(knowledgeBaseId).data;
  return (
    <div className="flex flex-col gap-4 px-6 pt-4 pb-8 max-md:px-4">
      {base ? <Parts base={base} /> : <Skeleton className="h-40 rounded-card" />}
    </div>
  );
}

function Parts({ base }: { base: Base }) {
  const address = route.useSearch();
  const navigate = route.useNavigate();
  const mode: SearchMode = address.mode ?? base.searching.mode;
  if (base.latestVersion === null) return <NoVersion base={base} />;
  return (
    <>
      <SearchForm
        key={`${address.q} ${address.as}`}
        base={base}
        mode={mode}
        address={address}
        onChange={(next) => void navigate({ search: (old) => ({ ...old, ...next }), replace: address.q === undefined })}
      />
      {address.q === undefined ? (
        <EmptyState title="Try a question" icon={<Search size={22} />}>
          The results show which chunks your applications find, and why.
        </EmptyState>
      ) : base.liveVersion === null && address.version === undefined ? (
        <NotLive base={base} />
      ) : (
        <SearchResults key={mode} base={base} mode={mode} address={address} />
      )}
    </>
  );
}

const NoVersion = ({ base: { knowledgeBaseId, documents } }: { base: Base }) => (
  <EmptyState
    title="Nothing to search yet"
    icon={<Search size={22} />}
    action={
      <Link to="/knowledge/$knowledgeBaseId" params={{ knowledgeBaseId }} className={buttonLook()}>
        Show documents
      </Link>
    }
  >
    {documents === 0
      ? "Upload documents. They can be searched when the first version is built."
      : "The first version is not built yet. Check the states of the documents."}
  </EmptyState>
);

const NotLive = ({ base: { knowledgeBaseId } }: { base: Base }) => (
  <EmptyState
    title="No version is live"
    action={
      <Link to="/knowledge/$knowledgeBaseId/versions" params={{ knowledgeBaseId }} className={buttonLook()}>
        Show versions
      </Link>
    }
  >
    Choose a version above, or make one live.
  </EmptyState>
);
