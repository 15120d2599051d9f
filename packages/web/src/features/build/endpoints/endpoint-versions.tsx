import { ErrorState } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button } from "../../../components/form/button.tsx";
import { Dialog } from "../../../components/overlay/dialog.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { formatNumberOf, formatPercent } from "../../../components/text/format.ts";
import { STRATEGY_WORDS } from "./routing-draft.ts";
import { type Endpoint, type EndpointVersion, useEndpointVersions, useRestoreVersion } from "./use-endpoints.ts";

type VersionsProps = { endpoint: Endpoint; canRestore: boolean; close: () => void };

const FACTS: PlainColumn<EndpointVersion>[] = [
  { id: "version", header: "Version", cell: ({ version }) => <span className="num">{version}</span> },
  { id: "variants", header: "Variants", cell: (version) => <Variants {...version} /> },
  { id: "created", header: "Created", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
];

const columnsOf = (endpoint: Endpoint, canRestore: boolean): PlainColumn<EndpointVersion>[] => [
  ...FACTS,
  {
    id: "restore",
    header: <span className="sr-only">Restore</span>,
    cell: ({ version }) => <Restore endpoint={endpoint} version={version} canRestore={canRestore} />,
  },
];

/** All versions of an endpoint, each of which can be restored. */
export function EndpointVersions({ endpoint, canRestore, close }: VersionsProps) {
  const versions = useEndpointVersions(endpoint.endpointId);
  return (
    <Dialog
      title={`Versions of ${endpoint.name}`}
      description="Each change makes a new version. Restoring one makes it the current version again."
      close={close}
      width="wide"
    >
      {versions.error && !versions.data ? (
        <ErrorState error={versions.error} retry={() => versions.refetch()} title="The versions could not be loaded" />
      ) : (
        <PlainTable
          label={`Versions of ${endpoint.name}`}
          columns={columnsOf(endpoint, canRestore)}
          rows={versions.data?.pages.flatMap(({ items }) => items)}
          idOf={({ version }) => String(version)}
        />
      )}
      <MoreRows list={versions} />
    </Dialog>
  );
}

function Restore({ endpoint, version, canRestore }: { endpoint: Endpoint; version: number; canRestore: boolean }) {
  const restore = useRestoreVersion(endpoint.endpointId);
  if (version === endpoint.version) return <span className="text-muted">current</span>;
  if (!canRestore) return null;
  const onSuccess = () => toastDone(`Restored version ${version}. The next request uses it.`);
  return (
    <Button size="small" isBusy={restore.isPending} onClick={() => restore.mutate(version, { onSuccess })}>
      Restore
    </Button>
  );
}

function Variants({ variants, strategy, rules, restoredFrom }: EndpointVersion) {
  const total = variants.reduce((sum, { weight }) => sum + weight, 0);
  return (
    <ul className="flex flex-col gap-0.5 py-1">
      {variants.map(({ name, model, weight }) => (
        <li key={name} className="flex flex-wrap items-baseline gap-x-2">
          <span>{name}</span>
          <code className="text-xs break-all text-muted">{model}</code>
          <span className="num text-muted">
            {strategy === "weight" ? formatPercent(weight / total) : `weight ${weight}`}
          </span>
        </li>
      ))}
      {strategy !== "weight" && (
        <li className="text-xs text-muted">chosen by: {STRATEGY_WORDS[strategy].toLowerCase()}</li>
      )}
      {rules.length > 0 && <li className="text-xs text-muted">{formatNumberOf(rules.length, "rule")}</li>}
      {restoredFrom !== null && <li className="text-xs text-muted">repeats version {restoredFrom}</li>}
    </ul>
  );
}
