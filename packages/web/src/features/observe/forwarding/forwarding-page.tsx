import { Forward } from "lucide-react";
import { CardRows, SettingsCollection } from "../../../components/layout/settings-collection.tsx";
import { useProject } from "../../system/session/index.ts";
import { ForwarderCard } from "./forwarder-card.tsx";
import { ForwarderForm } from "./forwarder-form.tsx";
import { type Forwarder, useDeleteForwarder, useForwarders } from "./use-forwarders.ts";

/** The places that the project's spans are sent on to. */
export function ForwardingPage() {
  const forwarders = useForwarders();
  const remove = useDeleteForwarder();
  const canWrite = useProject().can("forwarding:write");
  return (
    <SettingsCollection
      title="Forwarding"
      description="Forwards the project's spans to OpenTelemetry receivers, in order and at least once."
      query={forwarders}
      items={forwarders.data?.items}
      failure="The forwarders could not be loaded"
      canWrite={canWrite}
      newLabel="New forwarder"
      empty={{
        title: "No forwarders yet",
        icon: <Forward size={22} />,
        words:
          "Add a collector, another observability product or another Treadle server to forward incoming spans to it.",
      }}
      list={(items, open) => (
        <CardRows items={items} skeletons={["h-16", "h-16"]}>
          {(forwarder) => (
            <ForwarderCard
              key={forwarder.forwarderId}
              forwarder={forwarder}
              canWrite={canWrite}
              onEdit={() => open("edit", forwarder)}
              onDelete={() => open("delete", forwarder)}
            />
          )}
        </CardRows>
      )}
      form={(forwarder, close) => <ForwarderForm forwarder={forwarder} close={close} />}
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

const removalOf = ({ forwarderId, name, url }: Forwarder) => ({
  id: forwarderId,
  title: `Delete ${name}?`,
  verb: "Delete forwarder",
  done: `Deleted ${name}`,
  words: (
    <>
      Treadle stops sending spans to <code className="text-xs break-all">{url}</code> and permanently deletes its
      headers. Spans already sent remain there.
    </>
  ),
});
