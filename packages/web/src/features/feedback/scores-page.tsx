import { getRouteApi } from "@tanstack/react-router";
import { Plus, Star } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { Checkbox } from "../../components/field.tsx";
import { MoreRows } from "../../components/more-rows.tsx";
import { PageHeader, Section } from "../../components/page.tsx";
import { SearchField } from "../../components/search-field.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { FeedbackSubpages } from "./feedback-subpages.tsx";
import { ScoreForm } from "./score-form.tsx";
import { type ScoreAction, ScoreTable } from "./score-table.tsx";
import { type ScoreConfig, useScoreChanges, useScoreConfigs, useSettings } from "./use-scores.ts";

const route = getRouteApi("/shell/feedback/scores");

type Open = { kind: "new" } | { kind: ScoreAction; config: ScoreConfig };

/** What feedback may be called and hold, and whether anything else is taken. */
export function ScoresPage() {
  const search = route.useSearch();
  const navigate = route.useNavigate();
  const list = useScoreConfigs({ search: search.search ?? "", archived: search.archived === "1" });
  const { can } = useProject();
  const [open, setOpen] = useState<Open>();
  const rows = list.data?.pages.flatMap(({ items }) => items);
  const canWrite = can("feedback:write");
  const close = () => setOpen(undefined);
  const isNarrowed = Boolean(search.search || search.archived);
  const add = canWrite && (
    <Button kind="primary" onClick={() => setOpen({ kind: "new" })}>
      <Plus aria-hidden size={14} /> New score
    </Button>
  );
  return (
    <>
      <PageHeader
        title="Scores"
        description="What feedback is called and what it may hold: a yes or no, a number in a range, one of a few words, or text."
        action={rows && (rows.length > 0 || isNarrowed) && add}
      >
        <FeedbackSubpages />
        <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
          <SearchField
            label="Search scores"
            placeholder="Search names and descriptions"
            word={search.search ?? ""}
            onChange={(word) =>
              void navigate({ search: (old) => ({ ...old, search: word || undefined }), replace: true })
            }
          />
          <Checkbox
            label="Archived too"
            checked={search.archived === "1"}
            onChange={({ target }) =>
              void navigate({
                search: (old) => ({ ...old, archived: target.checked ? "1" : undefined }),
                replace: true,
              })
            }
          />
        </div>
      </PageHeader>
      <div className="flex flex-col gap-6 px-6 pb-8 max-md:px-4">
        {list.error && !rows ? (
          <ErrorState error={list.error} retry={() => list.refetch()} title="The scores could not be loaded" />
        ) : rows?.length === 0 ? (
          <EmptyState
            title={isNarrowed ? "No score matches" : "No scores are set up"}
            icon={<Star size={22} />}
            action={!isNarrowed && add}
          >
            Feedback is taken under any name. A score that is set up is checked: its type, its range, its words.
          </EmptyState>
        ) : (
          <div className="card overflow-hidden">
            <ScoreTable rows={rows} canWrite={canWrite} onAct={(kind, config) => setOpen({ kind, config })} />
            <MoreRows list={list} />
          </div>
        )}
        <Settings canWrite={canWrite} />
      </div>
      {open && <Opened open={open} close={close} />}
    </>
  );
}

function Settings({ canWrite }: { canWrite: boolean }) {
  const settings = useSettings();
  const { saveSettings } = useScoreChanges();
  const value = settings.data;
  return (
    <Section title="What the project takes">
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
              label="Only scores that are set up here; feedback under another name is refused"
              checked={value.isStrict}
              disabled={!canWrite || saveSettings.isPending}
              onChange={({ target }) => saveSettings.mutate({ ...value, isStrict: target.checked })}
            />
            <Checkbox
              label="Models may be trained on feedback that does not say whether they may"
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

function Opened({ open, close }: { open: Open; close: () => void }) {
  if (open.kind === "new") return <ScoreForm close={close} />;
  if (open.kind === "edit") return <ScoreForm config={open.config} close={close} />;
  return <DeleteScore config={open.config} close={close} />;
}

function DeleteScore({ config: { scoreConfigId, name }, close }: { config: ScoreConfig; close: () => void }) {
  const { remove } = useScoreChanges();
  const confirm = () =>
    remove.mutate(scoreConfigId, {
      onSuccess: () => {
        toastDone(`Deleted ${name}`);
        close();
      },
    });
  return (
    <ConfirmDialog title={`Delete ${name}?`} verb="Delete" isBusy={remove.isPending} onConfirm={confirm} close={close}>
      The feedback that was given stays, and new feedback of this name is no longer checked. To take no more of it,
      archive the score instead.
    </ConfirmDialog>
  );
}
