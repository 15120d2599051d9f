import { getRouteApi } from "@tanstack/react-router";
import { Star } from "lucide-react";
import { Skeleton } from "../../../components/feedback/states.tsx";
import { Checkbox } from "../../../components/form/field.tsx";
import { SearchField } from "../../../components/form/search-field.tsx";
import { PageHeader, Section } from "../../../components/layout/page.tsx";
import { Collection } from "../../../components/layout/settings-collection.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { useProject } from "../../system/session/index.ts";
import { FeedbackSubpages } from "./feedback-subpages.tsx";
import { ScoreForm } from "./score-form.tsx";
import { ScoreTable } from "./score-table.tsx";
import { type ScoreConfig, useScoreChanges, useScoreConfigs, useSettings } from "./use-scores.ts";

const route = getRouteApi("/shell/feedback/scores");

/** What feedback may be called and hold, and whether anything else is taken. */
export function ScoresPage() {
  const search = route.useSearch();
  const list = useScoreConfigs({ search: search.search ?? "", archived: search.archived === "1" });
  const { remove } = useScoreChanges();
  const canWrite = useProject().can("feedback:write");
  const isNarrowed = Boolean(search.search || search.archived);
  return (
    <Collection
      query={list}
      items={list.data?.pages.flatMap(({ items }) => items)}
      failure="The scores could not be loaded"
      canWrite={canWrite}
      newLabel="New score"
      isNewInHeader={isNarrowed}
      empty={{
        title: isNarrowed ? "No matching scores" : "No scores yet",
        icon: <Star size={22} />,
        words: "Feedback can use any name. If you create a score, Treadle checks its type, range and categories.",
      }}
      frame={({ add, content }) => (
        <>
          <PageHeader
            title="Scores"
            description="The names and value types of feedback: yes or no, a number in a range, a category or text."
            action={add}
          >
            <FeedbackSubpages />
            <Narrowing />
          </PageHeader>
          <div className="flex flex-col gap-6 px-6 pb-8 max-md:px-4">
            {content}
            <Settings canWrite={canWrite} />
          </div>
        </>
      )}
      list={(items, open) => (
        <div className="card overflow-hidden">
          <ScoreTable rows={items} canWrite={canWrite} onAct={open} />
          <MoreRows list={list} />
        </div>
      )}
      form={(config, close) => <ScoreForm config={config} close={close} />}
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

const removalOf = ({ scoreConfigId, name }: ScoreConfig) => ({
  id: scoreConfigId,
  title: `Delete ${name}?`,
  verb: "Delete",
  done: `Deleted ${name}`,
  words:
    "Existing feedback remains. Treadle no longer checks new feedback with this name. To stop accepting it, archive the score instead.",
});

/** The search and the filter of the list, which are stored in the address. */
function Narrowing() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
      <SearchField
        label="Search scores"
        placeholder="Search names and descriptions"
        word={search.search ?? ""}
        onChange={(word) => void navigate({ search: (old) => ({ ...old, search: word || undefined }), replace: true })}
      />
      <Checkbox
        label="Include archived"
        checked={search.archived === "1"}
        onChange={({ target }) =>
          void navigate({
            search: (old) => ({ ...old, archived: target.checked ? "1" : undefined }),
            replace: true,
          })
        }
      />
    </div>
  );
}

function Settings({ canWrite }: { canWrite: boolean }) {
  const settings = useSettings();
  const { saveSettings } = useScoreChanges();
  const value = settings.data;
  return (
    <Section title="Feedback settings">
      <div className="flex flex-col gap-2 px-4 pb-4">
        {!value &&
          (settings.error ? (
            <p role="alert">The settings could not be loaded.</p>
          ) : (
            <Skeleton className="h-5 w-80 max-w-full" />
          ))}
        {value && (
          <>
            <Checkbox
              label="Accept only the scores on this page and reject feedback with other names"
              checked={value.isStrict}
              disabled={!canWrite || saveSettings.isPending}
              onChange={({ target }) => saveSettings.mutate({ ...value, isStrict: target.checked })}
            />
            <Checkbox
              label="Allow training on feedback that does not state consent"
              checked={value.defaultConsent}
              disabled={!canWrite || saveSettings.isPending}
              onChange={({ target }) => saveSettings.mutate({ ...value, defaultConsent: target.checked })}
            />
          </>
        )}
      </div>
    </Section>
  );
}
