import { Gauge } from "lucide-react";
import type { ReactNode } from "react";
import { PageHeader, Section } from "../../../components/layout/page.tsx";
import { Collection } from "../../../components/layout/settings-collection.tsx";
import { useProject } from "../../system/session/index.ts";
import { LimitForm } from "./limit-form.tsx";
import { LimitTable } from "./limit-table.tsx";
import { type Limit, useLimitChanges, useLimits } from "./use-limits.ts";

/** The limits and budgets of the project, with their usage. */
export function LimitsPage() {
  const limits = useLimits();
  const { remove } = useLimitChanges();
  const canWrite = useProject().can("limits:write");
  return (
    <Collection<Limit>
      query={limits}
      items={limits.data?.items}
      failure="The limits could not be loaded"
      canWrite={canWrite}
      newLabel="New limit"
      empty={EMPTY}
      frame={Frame}
      list={(items, open) => (
        <Section title="Limits and budgets" className="overflow-hidden">
          <LimitTable limits={items} canWrite={canWrite} onAct={open} />
        </Section>
      )}
      form={(limit, close) => <LimitForm limit={limit} close={close} />}
      remove={{ mutation: remove, ask: removalOf }}
    />
  );
}

const EMPTY = {
  title: "No limits yet",
  icon: <Gauge size={22} />,
  words: "A limit caps requests, tokens, cost or calls at the same time, for the project or for each key, user or tag.",
};

const Frame = ({ add, content }: { add: ReactNode; content: ReactNode }) => (
  <>
    <PageHeader
      title="Limits"
      description="Rate limits and budgets for calls through the gateway. A call that exceeds one is rejected or waits for its turn."
      action={add}
    />
    <div className="px-6 pt-3 pb-8 max-md:px-4">{content}</div>
  </>
);

const removalOf = ({ limitId, name }: Limit) => ({
  id: limitId,
  title: `Delete ${name}?`,
  verb: "Delete",
  done: `Deleted ${name}`,
  words: "Calls are no longer counted for this limit. To stop it temporarily, turn it off.",
});
