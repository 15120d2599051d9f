import { useState } from "react";
import { ErrorState, Skeleton } from "../../../components/feedback/states.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { useProject } from "../../system/session/index.ts";
import { ConnectionCard } from "./connection-card.tsx";
import { ConnectionForm } from "./connection-form.tsx";
import { PresetGallery } from "./preset-gallery.tsx";
import { type Connection, type Preset, useConnections, usePresets } from "./use-connections.ts";

type Open = { preset: Preset; connection?: Connection };

/** The project's connections to providers, and the services that one more can be made to. */
export function ConnectionsPage() {
  const connections = useConnections();
  const presets = usePresets();
  const project = useProject();
  const [open, setOpen] = useState<Open>();
  const canWrite = project.can("connections:write");
  const error = connections.error ?? presets.error;
  if (error && !connections.data)
    return (
      <ErrorState
        error={error}
        retry={() => Promise.all([connections.refetch(), presets.refetch()])}
        title="The providers could not be loaded"
      />
    );
  const items = connections.data?.items;
  function edit(connection: Connection) {
    const preset = presets.data?.items.find(({ presetId }) => presetId === connection.preset);
    if (preset) setOpen({ preset, connection });
  }
  return (
    <>
      {!items && [0, 1].map((row) => <Skeleton key={row} className="h-24 rounded-card" />)}
      {items && items.length > 0 && (
        <Section
          title="Connected"
          description="Applications can request any model as slug/model. Listed models also work without the prefix."
        >
          <ul className="divide-y divide-line border-line border-t">
            {items.map((connection) => (
              <ConnectionCard
                key={connection.connectionId}
                connection={connection}
                onEdit={canWrite ? () => edit(connection) : undefined}
              />
            ))}
          </ul>
        </Section>
      )}
      {canWrite && (
        <Section
          title={items?.length === 0 ? "Connect your first provider" : "Connect a provider"}
          description="You need only an API key. Keys are encrypted at rest, never shown again, and sent only to the provider."
        >
          <PresetGallery presets={presets.data?.items} onChoose={(preset) => setOpen({ preset })} />
        </Section>
      )}
      {open && (
        <ConnectionForm
          key={open.connection?.connectionId ?? open.preset.presetId}
          {...open}
          close={() => setOpen(undefined)}
          taken={items?.map(({ slug }) => slug) ?? []}
        />
      )}
    </>
  );
}
