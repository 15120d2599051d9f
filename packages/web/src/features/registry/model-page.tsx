import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { Button } from "../../components/button.tsx";
import { BackLink, PageHeader, Section } from "../../components/page.tsx";
import { EmptyState, ErrorState, Skeleton } from "../../components/states.tsx";
import { Tabs } from "../../components/tabs.tsx";
import { TABS, tabOf } from "./registry-search.ts";
import { type Model, useModel, useRegistryChanges, useVersions } from "./use-registry.ts";
import { VersionView } from "./version-view.tsx";

const route = getRouteApi("/shell/models/registry/$name");

/** A registered model: its aliases, its versions, and one of them in full. */
export function ModelPage() {
  const { name } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const model = useModel(name);
  if (model.error && !model.data)
    return <ErrorState error={model.error} retry={() => model.refetch()} title="The model could not be loaded" />;
  const version = search.version ?? model.data?.latest?.version.toString();
  const go = (next: { version?: string; tab?: string }) =>
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
        description={model.data?.description || undefined}
        back={<BackLink to="/models/registry" label="Registry" />}
      />
      <div className="flex flex-col gap-4 px-6 pt-2 pb-8 max-md:px-4">
        {!model.data && <Skeleton className="h-24 rounded-card" />}
        {model.data && <Aliases model={model.data} />}
        <VersionChoice name={name} shown={version} onShow={(chosen) => go({ version: chosen })} />
        {model.data?.latest === null && (
          <EmptyState title="It has no version yet">Import one, or let a training run make it.</EmptyState>
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

function Aliases({ model }: { model: Model }) {
  const { rollBack } = useRegistryChanges();
  if (model.aliases.length === 0) return null;
  return (
    <Section
      title="Aliases"
      description="A request for name@alias is answered by the version it points at; a move drops no request."
    >
      <ul className="divide-y divide-line border-line border-t">
        {model.aliases.map(({ alias, version }) => (
          <li key={alias} className="flex items-center justify-between gap-2 px-4 py-2">
            <span>
              <span className="font-medium">{alias}</span> <span className="num text-muted">→ v{version}</span>
            </span>
            <Button onClick={() => rollBack.mutate({ name: model.name, alias })} isBusy={rollBack.isPending}>
              Roll back
            </Button>
          </li>
        ))}
      </ul>
    </Section>
  );
}

function VersionChoice({
  name,
  shown,
  onShow,
}: {
  name: string;
  shown: string | undefined;
  onShow: (version: string) => void;
}) {
  const list = useVersions(name);
  const all = list.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <fieldset className="flex flex-wrap items-center gap-2" aria-label="Versions">
      {all.map(({ version, stage }) => (
        <Button
          key={version}
          kind={String(version) === shown ? "primary" : undefined}
          aria-pressed={String(version) === shown}
          onClick={() => onShow(String(version))}
        >
          v{version}
          {stage === "none" ? "" : ` · ${stage}`}
        </Button>
      ))}
      {list.hasNextPage && <Button onClick={() => void list.fetchNextPage()}>Older</Button>}
    </fieldset>
  );
}
