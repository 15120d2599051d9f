import type { ReactNode } from "react";
import { NumberInput, TextInput } from "../../../components/form/field.tsx";
import { RowEditor } from "../../../components/form/row-editor.tsx";
import { formatPercent } from "../../../components/text/format.ts";
import type { EndpointInput } from "./use-endpoints.ts";
import { VariantSettings } from "./variant-settings.tsx";

type Variant = EndpointInput["variants"][number];
type VariantsProps = {
  variants: readonly Variant[];
  strategy: NonNullable<EndpointInput["strategy"]>;
  onChange: (variants: Variant[]) => void;
  onLeave: () => void;
  error: string | undefined;
};

/** The variants of an endpoint in a form: a name, a model, a weight and settings each. A name that is left empty is made from the model's. */
export function VariantsField({ variants, strategy, onChange, onLeave, error }: VariantsProps) {
  const isShared = strategy === "weight";
  return (
    <fieldset className="flex flex-col gap-1.5">
      <legend className="text-sm font-medium">Variants</legend>
      <p className="text-xs text-muted">
        {isShared
          ? "Each variant answers its share of the requests, by weight."
          : "Each request goes to one variant. Variants that are equal share the requests by weight."}
      </p>
      <RowEditor
        rows={variants}
        onChange={(rows) => onChange([...rows])}
        blank={{ model: "", weight: 1 }}
        addLabel="Add variant"
        removeLabel={(_, place) => `Remove variant ${place + 1}`}
        removal={variants.length === 1 ? "disabled" : "enabled"}
        removeSize="normal"
        rowClassName="flex-wrap items-center gap-2"
        note={error && <p className="text-xs text-bad">{error}</p>}
      >
        {(variant, change, place) => (
          <VariantRow variant={variant} change={change} place={place} onLeave={onLeave}>
            {isShared && formatShare(variants, variant)}
          </VariantRow>
        )}
      </RowEditor>
    </fieldset>
  );
}

type RowProps = Pick<VariantsProps, "onLeave"> & {
  variant: Variant;
  place: number;
  change: (variant: Variant) => void;
  /** The share of the requests; nothing if it is not known beforehand. */
  children: ReactNode;
};

/** The share by weight. Only the variants of the lowest priority have one. */
function formatShare(variants: readonly Variant[], { weight = 1, priority = 1 }: Variant): string {
  const lowest = Math.min(...variants.filter((one) => one.weight !== 0).map((one) => one.priority ?? 1));
  const first = variants.filter((one) => (one.priority ?? 1) === lowest);
  const total = first.reduce((sum, one) => sum + (one.weight ?? 1), 0);
  return weight > 0 && priority === lowest ? formatPercent(weight / total) : "never";
}

function VariantRow({ variant, place, change, onLeave, children }: RowProps) {
  return (
    <>
      <TextInput
        aria-label={`Name of variant ${place + 1}`}
        value={variant.name ?? ""}
        onChange={(event) => change({ ...variant, name: event.target.value.trim() || undefined })}
        onBlur={onLeave}
        placeholder="name"
        className="w-32! shrink-0 font-mono text-sm max-sm:grow"
      />
      <TextInput
        aria-label={`Model of variant ${place + 1}`}
        list="target-names"
        value={variant.model}
        onChange={(event) => change({ ...variant, model: event.target.value.trim() })}
        onBlur={onLeave}
        placeholder="connection-slug/model"
        required
        className="w-auto! min-w-40 flex-1 font-mono text-sm"
      />
      <NumberInput
        aria-label={`Weight of variant ${place + 1}`}
        min={0}
        max={1000}
        step={1}
        value={variant.weight ?? 1}
        onChange={(event) => change({ ...variant, weight: event.target.valueAsNumber || 0 })}
        className="w-20! shrink-0"
      />
      {children && <span className="num w-12 shrink-0 text-right text-sm text-muted">{children}</span>}
      <VariantSettings variant={variant} place={place} onChange={change} />
    </>
  );
}
