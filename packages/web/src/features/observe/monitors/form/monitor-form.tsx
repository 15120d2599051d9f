import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Failure } from "../../../../components/feedback/failure.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { Section } from "../../../../components/layout/page.tsx";
import { PreviewPanel } from "../preview/preview-panel.tsx";
import { NameFields, RoutingFields } from "./about-fields.tsx";
import { ConditionFields } from "./condition-fields.tsx";
import { SourceFields } from "./source-fields.tsx";
import { TimingFields } from "./timing-fields.tsx";
import type { MonitorForm as Form } from "./use-monitor-form.ts";

type FormProps = {
  form: Form;
  verb: string;
  /** The page that Cancel opens. */
  monitorId: string | undefined;
  /** What the user should know before saving. */
  note?: ReactNode;
  /** Shown above the fields. */
  children?: ReactNode;
};

/** The whole monitor on one page, with its preview next to it. */
export function MonitorForm({ form, verb, monitorId, note, children }: FormProps) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)_minmax(0,1fr)] items-start gap-4 px-6 pb-8 max-lg:grid-cols-1 max-md:px-4">
      <form
        noValidate
        aria-label="Monitor"
        onSubmit={(event) => {
          event.preventDefault();
          const element = event.currentTarget;
          void form.submit().then((isSaved) => isSaved || focusInvalid(element));
        }}
        className="flex min-w-0 flex-col gap-4 text-base"
      >
        {children}
        <FormSections form={form} />
        <Failure text={form.failure} />
        {note}
        <div className="flex flex-wrap items-center gap-2">
          <Button type="submit" kind="primary" isBusy={form.isBusy}>
            {verb}
          </Button>
          <CancelLink monitorId={monitorId} onClick={form.discard} />
          {Object.keys(form.errors).length > 0 && <span className="text-bad">Fix the marked fields to save.</span>}
        </div>
      </form>
      <PreviewPanel draft={form.draft} />
    </div>
  );
}

/** Leads to the first field that has to change, once its error is shown. */
const focusInvalid = (element: HTMLFormElement) =>
  requestAnimationFrame(() => element.querySelector<HTMLElement>("[aria-invalid=true]")?.focus());

const FormSections = ({ form }: { form: Form }) => (
  <>
    <Part title="About">
      <NameFields form={form} />
    </Part>
    <Part title="Source">
      <SourceFields form={form} />
    </Part>
    <Part title="Condition">
      <ConditionFields form={form} />
    </Part>
    <Part title="Evaluation">
      <TimingFields form={form} />
    </Part>
    <Part title="Notifications">
      <RoutingFields form={form} />
    </Part>
  </>
);

const Part = ({ title, children }: { title: string; children: ReactNode }) => (
  <Section title={title}>
    <div className="flex flex-col gap-4 px-4 pb-4">{children}</div>
  </Section>
);

function CancelLink({ monitorId, onClick }: { monitorId: string | undefined; onClick: () => void }) {
  if (monitorId === undefined)
    return (
      <Link to="/monitors" onClick={onClick} className={buttonLook()}>
        Cancel
      </Link>
    );
  return (
    <Link to="/monitors/$monitorId" params={{ monitorId }} onClick={onClick} className={buttonLook()}>
      Cancel
    </Link>
  );
}
