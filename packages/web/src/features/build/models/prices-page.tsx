import { CircleDollarSign, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { EmptyState, ErrorState } from "../../../components/feedback/states.tsx";
import { toastDone } from "../../../components/feedback/toast.tsx";
import { Button, IconButton } from "../../../components/form/button.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { type PlainColumn, PlainTable } from "../../../components/table/plain-table.tsx";
import { useProject } from "../../system/session/index.ts";
import { PriceForm } from "./price-form.tsx";
import { PriceLookup } from "./price-lookup.tsx";
import { type PriceInput, useDeletePrice, usePrices } from "./use-prices.ts";

type Price = PriceInput & { priceId: string };

const inputOf = ({ priceId: _, ...input }: Price): PriceInput => input;
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
            <Button size="small" kind="quiet" onClick={() => setEdited(inputOf(price))}>
              Edit
            </Button>
            <IconButton
              size="small"
              label={`Delete price of ${price.model}`}
              onClick={() =>
                remove.mutate(price.priceId, {
                  onSuccess: () => toastDone(`${price.model} uses the built-in price again`),
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
        title="Project prices"
        description="USD per million tokens. A project price overrides the built-in price for new calls. Recorded calls keep their cost."
        action={add}
      >
        {prices.data?.items.length === 0 ? (
          <EmptyState title="No project prices" icon={<CircleDollarSign size={22} />}>
            Built-in prices cover the models of common providers. Set a price for another model or for a discount.
          </EmptyState>
        ) : (
          <PlainTable
            label="Project prices"
            columns={columns}
            rows={prices.data?.items}
            idOf={({ priceId }) => priceId}
          />
        )}
      </Section>
      {edited && <PriceForm initial={edited} close={() => setEdited(undefined)} />}
    </>
  );
}
