import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { GitCompare, Import, MoreHorizontal, Plus, Settings2, Trash2, Upload } from "lucide-react";
import { useState } from "react";
import { Button, buttonLook, IconButton } from "../../components/button.tsx";
import { Menu, MenuItem, MenuLine } from "../../components/menu.tsx";
import { BackLink, PageHeader } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { useProject } from "../session/index.ts";
import { AnswersSection } from "./answers-section.tsx";
import { DeleteModel } from "./delete-model.tsx";
import { EditTags } from "./edit-tags.tsx";
import { EditText } from "./edit-text.tsx";
import { ImportDialog } from "./import-dialog.tsx";
import { ModelSettings } from "./model-settings.tsx";
import { refText, TABS, tabOf } from "./registry-search.ts";
import { useUndoKey } from "./undo.ts";
import { UploadDialog } from "./upload-dialog.tsx";
import { type Model, useModel, useVersions } from "./use-registry.ts";
import { useModelChanges } from "./use-registry-changes.ts";
import { VersionView } from "./version-view.tsx";

const route = getRouteApi("/shell/models/registry/$name");

/** A registered model: what answers by its name, its versions, and one of them in full. */
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
          <EmptyState title="It has no version yet">Upload or import one, or let a training run make it.</EmptyState>
        ) : (
          <>
            {model.data && <AnswersSection model={model.data} />}
            <VersionChoice name={name} shown={version} onShow={(chosen) => go({ version: chosen })} />
          </>
        )}
        {version !== undefined && (
          <>
            <Tabs
              label="Parts of the version"
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
              Import from elsewhere
            </MenuItem>
          </Menu>
          <Menu
            align="end"
            trigger={
              <IconButton label="More">
                <MoreHorizontal size={16} />
              </IconButton>
            }
          >
            <MenuItem icon={<Settings2 size={14} />} onSelect={() => setOpen("settings")}>
              Settings
            </MenuItem>
            <MenuLine />
            <MenuItem isDanger icon={<Trash2 size={14} />} onSelect={() => setOpen("delete")}>
              Delete the model
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

/** What a version is compared with first: what answers in production, or else the newest of the others. */
function beforeOf({ name, aliases, latest }: Model, version: string): string | undefined {
  const production = aliases.find(({ alias }) => alias === "production")?.version;
  const other = [production, Number(version) - 1, latest?.version].find(
    (one) => one !== undefined && one > 0 && String(one) !== version,
  );
  return other === undefined ? undefined : refText({ name, version: String(other) });
}

/** What people wrote of the model as a whole. */
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
        empty="What it is for, in a sentence or two."
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
          {pending && <span className="text-warn">asks for {pending.stage}</span>}
        </Button>
      ))}
      {list.hasNextPage && (
        <Button kind="quiet" isBusy={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
          Older
        </Button>
      )}
    </fieldset>
  );
}
