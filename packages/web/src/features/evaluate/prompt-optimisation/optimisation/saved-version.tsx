import { Link } from "@tanstack/react-router";
import { Save } from "lucide-react";
import { toastDone } from "../../../../components/feedback/toast.tsx";
import { Button, buttonLook } from "../../../../components/form/button.tsx";
import { useProject } from "../../../system/session/index.ts";
import { type Optimisation, useOptimisationChanges } from "../shared/use-optimisations.ts";

/** The version of a candidate, or a button to save it as one. Hidden for the first prompt, which is a version already. */
export function SavedVersion({ optimisation, candidate }: { optimisation: Optimisation; candidate: number }) {
  const { can } = useProject();
  const { save } = useOptimisationChanges();
  const { optimisationId, prompt, saved } = optimisation;
  const version = saved.find((one) => one.candidate === candidate)?.version;
  if (version !== undefined)
    return (
      <Link
        to="/prompts/$name"
        params={{ name: prompt.name }}
        search={{ version: String(version) }}
        className={buttonLook("primary", "small")}
      >
        Open version {version}
      </Link>
    );
  if (candidate === 0 || !can("prompts:write")) return null;
  return (
    <Button
      size="small"
      isBusy={save.isPending}
      onClick={() =>
        save.mutate(
          { optimisationId, candidate },
          { onSuccess: (made) => toastDone(`Saved as version ${made.version}, without a label`) },
        )
      }
    >
      <Save aria-hidden size={13} /> Save as version
    </Button>
  );
}
