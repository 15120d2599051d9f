import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { GitCompare, Import, MoreHorizontal, Plus, Settings2, Trash2, Upload } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState, Skeleton } from "../../../../components/feedback/states.tsx";
import { Button, buttonLook, IconButton } from "../../../../components/form/button.tsx";
import { BackLink, PageHeader } from "../../../../components/layout/page.tsx";
import { Tabs } from "../../../../components/layout/tabs.tsx";
import { Menu, MenuItem, MenuLine } from "../../../../components/overlay/menu.tsx";
import { useProject } from "../../../system/session/index.ts";
import { DeleteModel } from "../shared/delete-model.tsx";
import { EditTags } from "../shared/edit-tags.tsx";
import { EditText } from "../shared/edit-text.tsx";
import { refText, TABS, tabOf } from "../shared/registry-search.ts";
import { useUndoKey } from "../shared/undo.ts";
import { type Model, useModel, useVersions } from "../shared/use-registry.ts";
import { useModelChanges } from "../shared/use-registry-changes.ts";
import { ImportDialog } from "../upload/import-dialog.tsx";
import { UploadDialog } from "../upload/upload-dialog.tsx";
import { VersionView } from "../version/version-view.tsx";
import { AnswersSection } from "./answers-section.tsx";
import { ModelSettings } from "./model-settings.tsx";

const route = getRouteApi("/shell/models/registry/$name");

/** A registered model: its request names, its versions, and one version in detail. */
export function ModelPage() {
  const { name } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const model = useModel(name);
  useUndoKey();
  if (model.error && !model.data)
    return <ErrorState error={model.error} retry={() => model.refetch()} title="The model could not be loaded" />;
  const version = search.version ?? model.data?.latest?.version.toString();
  const go = (next: { version?: string | undefined; tab?: string }) =>
    void navigate({
      to: "/models/registry/$name",
      params: { name },
      search: (old) => ({ ...old, ...next }),
      replace: true,
    });
  return (
    <>
      <PageHeader
        title={name}
        back={<BackLink to="/models/registry" label="Registry" />}
        action={model.data && <Actions model={model.data} version={version} />}
      />
      <div className="flex flex-col gap-4 px-6 pt-2 pb-8 max-md:px-4">
        {model.data ? <About model={model.data} /> : <Skeleton className="h-24 rounded-card" />}
        {model.data?.latest === null ? (
          <EmptyState title="No versions yet">
            Upload or import a version, or create one with a training run.
          </EmptyState>
        ) : (
          <>
            {model.data && <AnswersSection model={model.data} />}
            <VersionChoice name={name} shown={version} onShow={(chosen) => go({ version: chosen })} />
          </>
        )}
        {version !== undefined && (
          <>
            <Tabs
              label="Version sections"
              names={TABS}
              shown={tabOf(search)}
              onShow={(tab) => go({ tab: tab.toLowerCase() })}
            />
            <VersionView place={{ name, version }} tab={tabOf(search)} />
          </>
        )}
      </div>
    </>
  );
}

type ActionsProps = { model: Model; version: string | undefined };

function Actions({ model, version }: ActionsProps) {
  const { can } = useProject();
  const [open, setOpen] = useState<"upload" | "import" | "settings" | "delete">();
  const close = () => setOpen(undefined);
  return (
    <>
      {version !== undefined && (
        <Link
          to="/models/compare"
          search={{ left: beforeOf(model, version), right: refText({ name: model.name, version }) }}
          className={buttonLook()}
        >
          <GitCompare aria-hidden size={14} /> Compare
        </Link>
      )}
      {can("models:write") && (
        <>
          <Menu
            align="end"
            trigger={
              <Button kind="primary">
                <Plus aria-hidden size={14} /> New version
              </Button>
            }
          >
            <MenuItem icon={<Upload size={14} />} onSelect={() => setOpen("upload")}>
              Upload files
            </MenuItem>
            <MenuItem icon={<Import size={14} />} onSelect={() => setOpen("import")}>
              Import from source
            </MenuItem>
          </Menu>
          <Menu
            align="end"
            trigger={
              <IconButton label="More actions">
                <MoreHorizontal size={16} />
              </IconButton>
            }
          >
            <MenuItem icon={<Settings2 size={14} />} onSelect={() => setOpen("settings")}>
              Settings
            </MenuItem>
            <MenuLine />
            <MenuItem isDanger icon={<Trash2 size={14} />} onSelect={() => setOpen("delete")}>
              Delete model
            </MenuItem>
          </Menu>
        </>
      )}
      {open === "upload" && <UploadDialog name={model.name} close={close} />}
      {open === "import" && <ImportDialog name={model.name} close={close} />}
      {open === "settings" && <ModelSettings model={model} close={close} />}
      {open === "delete" && <DeleteModel model={model} close={close} />}
    </>
  );
}

/** The default comparison: the production version, or else the newest other version. */
function beforeOf({ name, aliases, latest }: Model, version: string): string | undefined {
  const production = aliases.find(({ alias }) => alias === "production")?.version;
  const other = [production, Number(version) - 1, latest?.version].find(
    (one) => one !== undefined && one > 0 && String(one) !== version,
  );
  return other === undefined ? undefined : refText({ name, version: String(other) });
}

/** The description and tags of the model. */
function About({ model }: { model: Model }) {
  const { can } = useProject();
  const { changeModel } = useModelChanges();
  const { name } = model;
  const canEdit = can("models:write");
  return (
    <div className="flex flex-col gap-2">
      <EditText
        label="Description"
        text={model.description}
        empty="What is this model for?"
        maxLength={5_000}
        canEdit={canEdit}
        save={(description) => changeModel.mutateAsync({ name, description })}
      />
      <EditTags tags={model.tags} canEdit={canEdit} save={(tags) => changeModel.mutateAsync({ name, tags })} />
    </div>
  );
}

type ChoiceProps = { name: string; shown: string | undefined; onShow: (version: string) => void };

function VersionChoice({ name, shown, onShow }: ChoiceProps) {
  const list = useVersions(name);
  const all = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <fieldset className="flex flex-wrap items-center gap-2" aria-label="Versions">
      {all.map(({ version, stage, pending }) => (
        <Button
          key={version}
          aria-pressed={String(version) === shown}
          onClick={() => onShow(String(version))}
          className="aria-pressed:border-accent! aria-pressed:bg-accent-soft! aria-pressed:font-medium"
        >
          v{version}
          {stage !== "none" && <span className="text-muted">{stage}</span>}
          {pending && <span className="text-warn">requests approval for {pending.stage}</span>}
        </Button>
      ))}
      {list.hasNextPage && (
        <Button kind="quiet" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Load older
        </Button>
      )}
    </fieldset>
  );
}
