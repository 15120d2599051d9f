import { Navigate } from "@tanstack/react-router";
import { KeyRound, Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { AgoCell } from "../../components/cells.tsx";
import { ConfirmDialog } from "../../components/confirm-dialog.tsx";
import { MoreRows } from "../../components/more-rows.tsx";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { ApiKeyForm } from "./api-key-form.tsx";
import { nameOfRights } from "./key-rights.ts";
import { type ApiKey, useApiKeys, useRevokeApiKey } from "./use-projects.ts";

/** The first page of the settings: the keys, for those who may see them; for others their account. */
export function ApiKeysPage() {
  const project = useProject();
  return project.can("keys:read") ? <ApiKeys /> : <Navigate to="/settings/account" replace />;
}

/** The keys that programs sign in with. */
function ApiKeys() {
  const keys = useApiKeys();
  const project = useProject();
  const [isMaking, setIsMaking] = useState(false);
  const [revoked, setRevoked] = useState<ApiKey>();
  const canWrite = project.can("keys:write");
  const rows = keys.data?.pages.flatMap(({ items }) => items);
  const columns: readonly PlainColumn<ApiKey>[] = [
    {
      id: "name",
      header: "Name",
      cell: ({ name, hint }) => (
        <>
          <span dir="auto" className="block truncate text-left font-medium" title={name}>
            {name}
          </span>
          <code className="block text-xs break-all text-muted md:hidden">{hint}</code>
        </>
      ),
      className: "max-w-80 max-md:max-w-36",
    },
    {
      id: "hint",
      header: "Key",
      isWide: true,
      cell: ({ hint }) => <code className="text-xs whitespace-nowrap text-muted">{hint}</code>,
    },
    {
      id: "rights",
      header: "May",
      isWide: true,
      cell: ({ permissions }) => <span title={permissions.join(", ")}>{nameOfRights(permissions)}</span>,
    },
    { id: "created", header: "Made", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
    { id: "used", header: "Last used", cell: ({ lastUsedAt }) => <AgoCell iso={lastUsedAt} /> },
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      isNumber: true,
      cell: (key) =>
        canWrite && (
          <Button size="small" kind="danger" onClick={() => setRevoked(key)} aria-label={`Revoke ${key.name}`}>
            Revoke
          </Button>
        ),
    },
  ];
  const add = canWrite && (
    <Button kind="primary" onClick={() => setIsMaking(true)}>
      <Plus aria-hidden size={14} /> New API key
    </Button>
  );
  if (keys.error && !rows)
    return <ErrorState error={keys.error} retry={() => keys.refetch()} title="The API keys could not be loaded" />;
  return (
    <>
      <Section
        title="API keys"
        description="Programs send one as a bearer token. A key is shown once and kept only as a hash."
        action={add}
      >
        {rows?.length === 0 ? (
          <EmptyState title="No API key yet" icon={<KeyRound size={22} />}>
            Make one to call models, or to send spans from your own code.
          </EmptyState>
        ) : (
          <PlainTable label="API keys" columns={columns} rows={rows} idOf={({ id }) => id} />
        )}
        <MoreRows list={keys} />
      </Section>
      {isMaking && <ApiKeyForm close={() => setIsMaking(false)} />}
      {revoked && <RevokeKey apiKey={revoked} close={() => setRevoked(undefined)} />}
    </>
  );
}

function RevokeKey({ apiKey, close }: { apiKey: ApiKey; close: () => void }) {
  const revoke = useRevokeApiKey();
  function confirm() {
    revoke.mutate(apiKey.id, {
      onSuccess: () => {
        toastDone(`Revoked ${apiKey.name}`);
        close();
      },
    });
  }
  return (
    <ConfirmDialog
      title={`Revoke ${apiKey.name}?`}
      verb="Revoke the key"
      phrase={apiKey.name}
      isBusy={revoke.isPending}
      onConfirm={confirm}
      close={close}
    >
      Every program that uses <code className="text-xs">{apiKey.hint}</code> is refused at once. This cannot be undone;
      a new key can be made.
    </ConfirmDialog>
  );
}
