import type { ReactNode } from "react";
import { explain } from "../../api.ts";
import { Button } from "../form/button.tsx";
import { Section } from "../layout/page.tsx";
import { Failure } from "./failure.tsx";

/** What a run would take, in a card that stays visible next to its form. The start button is in `children`. */
export function EstimatePanel({ title, children }: { title: string; children: ReactNode }) {
  return (
    <Section title={title} className="sticky top-4 max-lg:static">
      <div className="flex flex-col gap-3 px-4 pb-4" aria-live="polite">
        {children}
      </div>
    </Section>
  );
}

type EstimateProps<Data> = {
  estimate: { data: Data | undefined; error: unknown };
  /** Why there is no estimate yet; undefined for a complete form. */
  missing: string | undefined;
  children: (data: Data) => ReactNode;
};

/** The estimate of a form: why there is none yet, why it failed, or its numbers. */
export function Estimated<Data>({ estimate: { data, error }, missing, children }: EstimateProps<Data>) {
  if (missing !== undefined) return <p className="text-muted">{missing}</p>;
  if (error) return <p className="text-bad [overflow-wrap:anywhere]">{explain(error)}</p>;
  return data === undefined ? <p className="text-muted">Calculating…</p> : children(data);
}

type FactsProps = {
  facts: readonly (readonly [name: string, value: string])[];
  /** Whether the form has changed since this estimate. */
  isOld?: boolean;
  /** Further rows of the list. */
  children?: ReactNode;
};

/** Numbers of an estimate, one per line. */
export function EstimateFacts({ facts, isOld = false, children }: FactsProps) {
  return (
    <dl className={`grid grid-cols-[max-content_1fr] gap-x-4 gap-y-1 ${isOld ? "opacity-60" : ""}`}>
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt className="text-muted">{name}</dt>
          <dd className="num text-right">{value}</dd>
        </div>
      ))}
      {children}
    </dl>
  );
}

type NumbersProps = Pick<FactsProps, "facts" | "isOld"> & {
  warnings: readonly string[];
  /** How the numbers were calculated. */
  basis: string;
  children?: ReactNode;
};

/** The numbers of an estimate, then its warnings and its basis. */
export function EstimateNumbers({ facts, isOld = false, warnings, basis, children }: NumbersProps) {
  return (
    <div className={`flex flex-col gap-3 ${isOld ? "opacity-60" : ""}`}>
      <EstimateFacts facts={facts} />
      {children}
      {warnings.map((warning) => (
        <p key={warning} className="rounded-control bg-warn-soft px-3 py-2 [overflow-wrap:anywhere]">
          {warning}
        </p>
      ))}
      {basis && <p className="text-xs text-muted">{basis}</p>}
    </div>
  );
}

type StartProps = {
  label: string;
  failure: string | undefined;
  isBusy: boolean;
  isDisabled?: boolean;
  /** Whether the user tried to start with an incomplete form. */
  isIncomplete?: boolean;
};

/** The start button below an estimate, and why a run did not start. */
export function StartButton({ label, failure, isBusy, isDisabled = false, isIncomplete = false }: StartProps) {
  return (
    <>
      <Failure text={failure} />
      <Button type="submit" kind="primary" isBusy={isBusy} disabled={isDisabled} className="w-full">
        {label}
      </Button>
      {isIncomplete && (
        <p role="alert" className="text-bad">
          Complete the missing fields in the form.
        </p>
      )}
    </>
  );
}
