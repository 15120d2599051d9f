import { useState } from "react";
import { Section } from "../../components/page.tsx";
import { ErrorState, Skeleton } from "../../components/states.tsx";
import { useProject } from "../session/index.ts";
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
    const preset = presets.data?.items.find(({ id }) => id === connection.preset);
    if (preset) setOpen({ preset, connection });
  }
  return (
    <>
      {!items && [0, 1].map((row) => <Skeleton key={row} className="h-24 rounded-card" />)}
      {items && items.length > 0 && (
        <Section
          title="Connected"
          description="Any of their models can be asked for as slug/model; those that are listed, by their plain names too."
        >
          <ul className="divide-y divide-line border-line border-t">
            {items.map((connection) => (
              <ConnectionCard
                key={connection.id}
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
          description="A key is all it takes. Keys are encrypted at rest, are never shown again, and never leave this server except to the provider."
        >
          <PresetGallery presets={presets.data?.items} onChoose={(preset) => setOpen({ preset })} />
        </Section>
      )}
      {open && (
        <ConnectionForm
          key={open.connection?.id ?? open.preset.id}
          {...open}
          close={() => setOpen(undefined)}
          taken={items?.map(({ slug }) => slug) ?? []}
        />
      )}
    </>
  );
}
