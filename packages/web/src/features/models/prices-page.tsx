import { CircleDollarSign, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Button, IconButton } from "../../components/button.tsx";
import { Section } from "../../components/page.tsx";
import { type PlainColumn, PlainTable } from "../../components/plain-table.tsx";
import { EmptyState, ErrorState } from "../../components/states.tsx";
import { toastDone } from "../../components/toast.tsx";
import { useProject } from "../session/index.ts";
import { PriceForm } from "./price-form.tsx";
import { PriceLookup } from "./price-lookup.tsx";
import { type PriceInput, useDeletePrice, usePrices } from "./use-prices.ts";

type Price = PriceInput & { id: string };
const dollars = (value: number | null) => (value === null ? <span className="text-muted">–</span> : `$${value}`);

/** What calls are charged at: a kept table for known models, and the project's own prices above it. */
export function PricesPage() {
  const prices = usePrices();
  const project = useProject();
  const remove = useDeletePrice();
  const [edited, setEdited] = useState<Partial<PriceInput>>();
  const canWrite = project.can("models:write");
  const columns: readonly PlainColumn<Price>[] = [
    { id: "model", header: "Model", cell: ({ model }) => <code className="text-xs">{model}</code> },
    {
      id: "provider",
      header: "Provider",
      cell: ({ provider }) => (provider === "*" ? <span className="text-muted">any</span> : provider),
    },
    { id: "in", header: "Input", isNumber: true, cell: (price) => dollars(price.inputUsdPerMillion) },
    { id: "out", header: "Output", isNumber: true, cell: (price) => dollars(price.outputUsdPerMillion) },
    {
      id: "cached",
      header: "Cached input",
      isNumber: true,
      isWide: true,
      cell: (price) => dollars(price.cachedInputUsdPerMillion),
    },
    {
      id: "write",
      header: "Cache write",
      isNumber: true,
      isWide: true,
      cell: (price) => dollars(price.cacheWriteUsdPerMillion),
    },
    {
      id: "reasoning",
      header: "Reasoning",
      isNumber: true,
      isWide: true,
      cell: (price) => dollars(price.reasoningUsdPerMillion),
    },
    {
      id: "actions",
      header: <span className="sr-only">Actions</span>,
      isNumber: true,
      cell: (price) =>
        canWrite && (
          <>
            <Button size="small" kind="quiet" onClick={() => setEdited(price)}>
              Edit
            </Button>
            <IconButton
              size="small"
              label={`Delete the price of ${price.model}`}
              onClick={() =>
                remove.mutate(price.id, {
                  onSuccess: () => toastDone(`${price.model} is priced by the built-in table again`),
                })
              }
            >
              <Trash2 size={14} />
            </IconButton>
          </>
        ),
    },
  ];
  const add = canWrite && (
    <Button kind="primary" onClick={() => setEdited({})}>
      <Plus aria-hidden size={14} /> Set a price
    </Button>
  );
  if (prices.error && !prices.data)
    return <ErrorState error={prices.error} retry={() => prices.refetch()} title="The prices could not be loaded" />;
  return (
    <>
      <PriceLookup onEdit={canWrite ? setEdited : undefined} />
      <Section
        title="Prices of this project"
        description="US dollars for a million tokens. They win over the built-in table from the next call on; calls that were recorded keep their cost."
        action={add}
      >
        {prices.data?.items.length === 0 ? (
          <EmptyState title="No price of your own" icon={<CircleDollarSign size={22} />}>
            The built-in table prices the usual providers' models. Set a price for a model it does not know, or for a
            discount you have.
          </EmptyState>
        ) : (
          <PlainTable
            label="Prices of this project"
            columns={columns}
            rows={prices.data?.items}
            idOf={({ id }) => id}
          />
        )}
      </Section>
      {edited && <PriceForm initial={edited} close={() => setEdited(undefined)} />}
    </>
  );
}
