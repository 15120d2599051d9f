import type { FormEvent, ReactNode } from "react";
import { EmptyState } from "../feedback/states.tsx";
import { PageHeader } from "../layout/page.tsx";

type FormProps = {
  onSubmit: (event: FormEvent) => void;
  /** The estimate and the start button. */
  panel: ReactNode;
  children: ReactNode;
};

/** The settings of a long run, with its estimate next to them. */
export function RunForm({ onSubmit, panel, children }: FormProps) {
  return (
    <form
      onSubmit={onSubmit}
      className="grid grid-cols-[minmax(0,1fr)_20rem] items-start gap-4 px-6 pb-8 max-lg:grid-cols-1 max-md:px-4"
    >
      <div className="flex min-w-0 flex-col gap-4">{children}</div>
      {panel}
    </form>
  );
}

type DeniedProps = {
  /** The title of the page. */
  title: string;
  back: ReactNode;
  /** What the user cannot do, such as `You cannot start experiments`. */
  denied: string;
};

/** The page of a new run for users without permission. */
export function RunDenied({ title, back, denied }: DeniedProps) {
  return (
    <>
      <PageHeader title={title} back={back} />
      <EmptyState title={denied}>Ask an owner of the project for a role that allows it.</EmptyState>
    </>
  );
}
