import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import type { Target } from "./use-lineage.ts";

/** Makes the whole card clickable. */
const LINK = "after:absolute after:inset-0 after:rounded-card focus-visible:outline-none hover:underline";

/** A link to the object of a step; plain text for a step without one. */
export function LineageTarget({ target, children }: { target: Target | null; children: ReactNode }) {
  if (target === null) return children;
  switch (target.to) {
    case "span":
      return (
        <Link to="/traces/$traceId" params={target} search={{ span: target.spanId }} className={LINK}>
          {children}
        </Link>
      );
    case "answers":
      return (
        <Link to="/traces" search={{ model: target.model, view: "spans", range: "30d" }} className={LINK}>
          {children}
        </Link>
      );
    case "version":
      return (
        <Link to="/models/registry/$name" params={target} search={{ version: String(target.version) }} className={LINK}>
          {children}
        </Link>
      );
    case "training-run":
      return (
        <Link to="/training/$trainingRunId" params={target} className={LINK}>
          {children}
        </Link>
      );
    case "dataset":
      return (
        <Link
          to="/datasets/$datasetId/versions"
          params={target}
          search={{ version: String(target.version) }}
          className={LINK}
        >
          {children}
        </Link>
      );
    case "items":
      return (
        <Link
          to="/datasets/$datasetId"
          params={target}
          search={{ at: String(target.version), filter: target.filter }}
          className={LINK}
        >
          {children}
        </Link>
      );
    case "row":
      return (
        <Link
          to="/datasets/$datasetId"
          params={target}
          search={{ at: String(target.version), open: target.itemId }}
          className={LINK}
        >
          {children}
        </Link>
      );
    case "endpoint":
      return (
        <Link to="/endpoints" className={LINK}>
          {children}
        </Link>
      );
    case "rollout":
      return (
        <Link to="/rollouts/$rolloutId" params={target} className={LINK}>
          {children}
        </Link>
      );
    case "models":
      return (
        <Link to="/models" className={LINK}>
          {children}
        </Link>
      );
  }
}
