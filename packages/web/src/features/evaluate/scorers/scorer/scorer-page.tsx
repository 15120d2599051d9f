import { getRouteApi } from "@tanstack/react-router";
import { Archive, Ellipsis, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import { ApiError, explain } from "../../../../api.ts";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../../components/form/button.tsx";
import { Field, TextInput } from "../../../../components/form/field.tsx";
import { paramErrors } from "../../../../components/form/param-errors.ts";
import { SchemaForm } from "../../../../components/form/schema-form.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { ConfirmDialog } from "../../../../components/overlay/confirm-dialog.tsx";
import { Menu, MenuItem } from "../../../../components/overlay/menu.tsx";
import { useProject } from "../../../system/session/index.ts";
import { CalibrationTab } from "../calibration/calibration-tab.tsx";
import { outputWords } from "../shared/kind-words.ts";
import {
  type Scorer,
  type ScorerKind,
  type ScorerVersion,
  useKinds,
  useModelNames,
  useScorer,
  useScorerChanges,
  useScorerVersions,
} from "../shared/use-scorers.ts";
import { ScorerVersions } from "./scorer-versions.tsx";
import { TryPanel } from "./try-panel.tsx";

const route = getRouteApi("/shell/scorers/$scorerId");
const TABS = ["Settings", "Calibration"] as const;

/** One stored scorer: its settings with a test panel, its versions, and its calibrations. */
export function ScorerPage() {
  const { scorerId } = route.useParams();
  const { version: asked, tab, calibration } = route.useSearch();
  const navigate = route.useNavigate();
  const scorer = useScorer(scorerId);
  const kinds = useKinds();
  const versions = useScorerVersions(scorerId);
  const back = <BackLink to="/scorers" label="Scorers" />;
  if (scorer.error && !scorer.data)
    return (
      <>
        <PageHeader title="Scorer" back={back} />
        {scorer.error instanceof ApiError && scorer.error.status === 404 ? (
          <EmptyState title="Scorer not found">It may have been deleted, or it belongs to another project.</EmptyState>
        ) : (
          <ErrorState error={scorer.error} retry={() => scorer.refetch()} />
        )}
      </>
    );
  const { data } = scorer;
  const kind = kinds.data?.find((one) => one.kind === data?.kind);
  const listed = versions.data?.pages.flatMap((page) => page.items) ?? [];
  const shown = listed.find(({ version }) => String(version) === asked) ?? data?.latest;
  return (
    <>
      <PageHeader
        title={data?.name ?? "Scorer"}
        back={back}
        description={
          data ? (
            `${data.description ? `${data.description} ` : ""}${kind?.label ?? data.kind}. Output: ${outputWords(data.output)}.`
          ) : (
            <Skeleton className="h-4 w-60" />
          )
        }
        action={data && <ScorerActions scorer={data} />}
      >
        <div className="-mb-3">
          <Tabs
            label="Scorer sections"
            names={TABS}
            shown={tab === "calibration" ? "Calibration" : "Settings"}
            onShow={(name) => void navigate({ search: name === "Calibration" ? { tab: "calibration" } : {} })}
          />
        </div>
      </PageHeader>
      {!data || !shown || (!kind && kinds.isPending) ? (
        <Skeleton className="mx-6 mt-4 h-80 rounded-card" />
      ) : tab === "calibration" ? (
        <CalibrationTab
          scorer={data}
          shown={calibration}
          onShow={(calibrationId) => void navigate({ search: { tab, calibration: calibrationId } })}
        />
      ) : !kind ? (
        <EmptyState title="Unknown kind">
          This server does not support the kind “{data.kind}”. It may come from a newer version.
        </EmptyState>
      ) : (
        <Workbench
          key={shown.version}
          scorer={data}
          kind={kind}
          shown={shown}
          versions={
            <ScorerVersions
              list={versions}
              shown={shown.version}
              onShow={(version) =>
                void navigate({ search: { version: version === data.latestVersion ? undefined : String(version) } })
              }
            />
          }
        />
      )}
    </>
  );
}

type Params = Readonly<Record<string, unknown>>;
type BenchProps = { scorer: Scorer; kind: ScorerKind; shown: ScorerVersion };

/** The settings of a version next to a test on a sample. */
function Workbench({ versions, ...version }: BenchProps & { versions: ReactNode }) {
  const [params, setParams] = useState<Params>(version.shown.params);
  return (
    <div className="grid grid-cols-2 items-start gap-4 px-6 pt-4 pb-8 max-lg:grid-cols-1 max-md:px-4">
      <div className="flex min-w-0 flex-col gap-4">
        <VersionEditor {...version} params={params} setParams={setParams} />
        {versions}
      </div>
      <TryPanel kind={version.kind} params={params} />
    </div>
  );
}

type EditorProps = BenchProps & { params: Params; setParams: (params: Params) => void };

function VersionEditor({ scorer, kind, shown, params, setParams }: EditorProps) {
  const { can } = useProject();
  const navigate = route.useNavigate();
  const { addVersion } = useScorerChanges();
  const models = useModelNames(kind);
  const [message, setMessage] = useState("");
  const isLatest = shown.version === scorer.latestVersion;
  const isChanged = JSON.stringify(params) !== JSON.stringify(shown.params) || !isLatest;
  async function save() {
    const next = await addVersion.mutateAsync({
      scorerId: scorer.scorerId,
      params: { ...params },
      message,
      expectedLatest: scorer.latestVersion,
    });
    toastDone(`Saved version ${next.latestVersion} of ${next.name}`);
    await navigate({ search: {} });
  }
  return (
    <form
      aria-label="Settings"
      onSubmit={(event) => {
        event.preventDefault();
        // An error is shown under the form.
        void save().catch(() => undefined);
      }}
      className="card flex min-w-0 flex-col gap-4 p-4"
    >
      <p className="num text-xs text-muted">
        Version {shown.version}
        {!isLatest && ` of ${scorer.latestVersion}. Saving creates a new version with these settings`}
      </p>
      <SchemaForm
        schema={kind.params}
        params={params}
        onChange={setParams}
        errors={paramErrors(addVersion.error)}
        proposals={models}
      />
      {can("scorers:write") && isChanged && (
        <div className="flex flex-wrap items-end gap-2 border-line border-t pt-3">
          <Field label="Change note" isOptional className="grow">
            {(field) => (
              <TextInput
                {...field}
                value={message}
                maxLength={2_000}
                onChange={({ target }) => setMessage(target.value)}
              />
            )}
          </Field>
          <Button type="submit" kind="primary" isBusy={addVersion.isPending}>
            Save as version {scorer.latestVersion + 1}
          </Button>
        </div>
      )}
      <Failure text={addVersion.error ? explain(addVersion.error) : undefined} />
      <p className="text-xs text-muted [overflow-wrap:anywhere]">
        <code>{shown.signature}</code>
      </p>
    </form>
  );
}

function ScorerActions({ scorer }: { scorer: Scorer }) {
  const { can } = useProject();
  const navigate = route.useNavigate();
  const { update, remove } = useScorerChanges();
  const [isDeleting, setIsDeleting] = useState(false);
  const { scorerId, name, isArchived } = scorer;
  if (!can("scorers:write")) return null;
  const archive = () =>
    update.mutate(
      { scorerId, isArchived: !isArchived },
      { onSuccess: () => toastDone(isArchived ? `Restored ${name}` : `Archived ${name}`) },
    );
  return (
    <>
      {isArchived && <span className="text-sm text-warn">● archived</span>}
      <Menu
        align="end"
        trigger={
          <IconButton label="Scorer actions">
            <Ellipsis size={16} />
          </IconButton>
        }
      >
        <MenuItem icon={<Archive size={14} />} onSelect={archive}>
          {isArchived ? "Restore" : "Archive"}
        </MenuItem>
        <MenuItem icon={<Trash2 size={14} />} onSelect={() => setIsDeleting(true)} isDanger>
          Delete…
        </MenuItem>
      </Menu>
      {isDeleting && (
        <ConfirmDialog
          title={`Delete ${name}?`}
          verb="Delete"
          isBusy={remove.isPending}
          onConfirm={() => remove.mutate(scorerId, { onSuccess: () => void navigate({ to: "/scorers" }) })}
          close={() => setIsDeleting(false)}
        >
          This deletes {scorer.latestVersion === 1 ? "its only version" : `all ${scorer.latestVersion} versions`}. Its
          scores stay, but requests that use the scorer will fail. To hide it from lists only, archive it.
        </ConfirmDialog>
      )}
    </>
  );
}
