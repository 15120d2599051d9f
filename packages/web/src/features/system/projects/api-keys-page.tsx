import { Navigate } from "@tanstack/react-router";
import { KeyRound } from "lucide-react";
import { Button } from "../../../components/form/button.tsx";
import { SettingsCollection } from "../../../components/layout/settings-collection.tsx";
import { AgoCell } from "../../../components/table/cells.tsx";
import { MoreRows } from "../../../components/table/more-rows.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useProject } from "../session/index.ts";
import { ApiKeyForm } from "./api-key-form.tsx";
import { nameOfRights } from "./key-rights.ts";
import { type ApiKey, useApiKeys, useRevokeApiKey } from "./use-projects.ts";

/** The first settings page: API keys for users with permission, otherwise the account. */
export function ApiKeysPage() {
  const project = useProject();
  return project.can("keys:read") ? <ApiKeys /> : <Navigate to="/settings/account" replace />;
}

/** The keys that programs sign in with. */
function ApiKeys() {
  const keys = useApiKeys();
  const revoke = useRevokeApiKey();
  const canWrite = useProject().can("keys:write");
  return (
    <SettingsCollection
      title="API keys"
      description="Programs send a key as a bearer token. Treadle shows a key once and stores only its hash."
      query={keys}
      items={keys.data?.pages.flatMap(({ items }) => items)}
      failure="The API keys could not be loaded"
      canWrite={canWrite}
      newLabel="New API key"
      isNewInHeader
      empty={{
        title: "No API keys yet",
        icon: <KeyRound size={22} />,
        words: "Create a key to call models or to send spans from your code.",
      }}
      list={(items, open) => (
        <>
          <PlainTable
            label="API keys"
            columns={[
              ...COLUMNS,
              {
                id: "actions",
                header: <span className="sr-only">Actions</span>,
                isNumber: true,
                cell: (key) =>
                  canWrite && (
                    <Button
                      size="small"
                      kind="danger"
                      onClick={() => open("delete", key)}
                      aria-label={`Revoke ${key.name}`}
                    >
                      Revoke
                    </Button>
                  ),
              },
            ]}
            rows={items}
            idOf={({ apiKeyId }) => apiKeyId}
          />
          <MoreRows list={keys} />
        </>
      )}
      form={(_, close) => <ApiKeyForm close={close} />}
      remove={{ mutation: revoke, ask: removalOf }}
    />
  );
}

const COLUMNS: readonly PlainColumn<ApiKey>[] = [
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
    header: "Permissions",
    isWide: true,
    cell: ({ permissions }) => <span title={permissions.join(", ")}>{nameOfRights(permissions)}</span>,
  },
  { id: "created", header: "Created", isWide: true, cell: ({ createdAt }) => <AgoCell iso={createdAt} /> },
  { id: "used", header: "Last used", cell: ({ lastUsedAt }) => <AgoCell iso={lastUsedAt} /> },
];

const removalOf = ({ apiKeyId, name, hint }: ApiKey) => ({
  id: apiKeyId,
  title: `Revoke ${name}?`,
  verb: "Revoke key",
  done: `Revoked ${name}`,
  phrase: name,
  words: (
    <>
      Every program that uses <code className="text-xs">{hint}</code> is rejected immediately. You cannot undo this, but
      you can create a new key.
    </>
  ),
});
