import { RunDenied } from "../../../components/form/run-form.tsx";
import { BackLink, PageHeader } from "../../../components/layout/page.tsx";
import { useProject } from "../../system/session/index.ts";
import { ProbeForm } from "./probe-form.tsx";

/** The form of a new probe. */
export function NewProbePage() {
  const back = <BackLink to="/probes" label="Probes" />;
  if (!useProject().can("monitors:write"))
    return <RunDenied title="New probe" back={back} denied="You cannot create probes" />;
  return (
    <>
      <PageHeader
        title="New probe"
        back={back}
        description="The set-up starts immediately: it looks for short prompts to which the model has two likely answers."
      />
      <ProbeForm />
    </>
  );
}
