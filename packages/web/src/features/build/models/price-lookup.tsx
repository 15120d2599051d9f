import { type FormEvent, useState } from "react";
import { explain } from "../../../api.ts";
import { Button } from "../../../components/form/button.tsx";
import { Field, TextInput } from "../../../components/form/field.tsx";
import { Section } from "../../../components/layout/page.tsx";
import { type PriceInput, usePriceLookup } from "./use-prices.ts";

const SOURCES = {
  project: "this project's price",
  table: "the built-in price table",
  unknown: "no price is known",
} as const;

/** Asks what a model costs, as a call would be charged right now. */
export function PriceLookup({ onEdit }: { onEdit: ((price: Partial<PriceInput>) => void) | undefined }) {
  const [asked, setAsked] = useState({ provider: "", model: "" });
  const lookup = usePriceLookup(asked.provider, asked.model);
  function submit(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    setAsked({ provider: String(form.get("provider")).trim(), model: String(form.get("model")).trim() });
  }
  const price = lookup.data?.price;
  return (
    <Section title="Look up a price">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3 px-4 pb-4">
        <Field label="Model" className="w-64">
          {(field) => <TextInput {...field} name="model" placeholder="gpt-4o-mini" required />}
        </Field>
        <Field label="Provider" isOptional className="w-44">
          {(field) => <TextInput {...field} name="provider" placeholder="openai" />}
        </Field>
        <Button type="submit" isBusy={lookup.isFetching}>
          Look up
        </Button>
        <p role="status" className="num flex min-h-8 items-center gap-2">
          {lookup.error && <span className="text-bad">{explain(lookup.error)}</span>}
          {price && (
            <>
              <span>
                <span className="font-medium">${price.inputUsdPerMillion}</span> in,{" "}
                <span className="font-medium">${price.outputUsdPerMillion}</span> out
                {price.cachedInputUsdPerMillion !== null && `, $${price.cachedInputUsdPerMillion} cached in`} per
                million tokens
              </span>
              <span className="text-muted">from {SOURCES[lookup.data?.source ?? "table"]}</span>
            </>
          )}
          {lookup.data && !price && (
            <span className="text-muted">This model has no price, so costs do not include its calls.</span>
          )}
          {lookup.data && onEdit && (
            <Button
              size="small"
              onClick={() => onEdit({ provider: asked.provider || "*", model: asked.model, ...price })}
            >
              Set a price
            </Button>
          )}
        </p>
      </form>
    </Section>
  );
}
