import { Link } from "@tanstack/react-router";
import { CircleAlert, Lock, SearchX } from "lucide-react";
import type { ReactNode } from "react";
import { ApiError, explain, isPassing } from "../../api.ts";
import { Button, buttonLook } from "../form/button.tsx";
import { CopyButton } from "./copy-button.tsx";

/** A grey bar where text will be. Give it the size of the text. */
export function Skeleton({ className = "" }: { className?: string }) {
  return <span aria-hidden className={`block animate-pulse rounded bg-raised ${className}`} />;
}

type EmptyProps = {
  title: string;
  children?: ReactNode;
  action?: ReactNode;
  code?: string;
  icon?: ReactNode;
  /** `h1` where it is all there is on a page. */
  heading?: "h1" | "h2";
};

/** What would be here, why it is not, one action, and a line of code that makes it happen. */
export function EmptyState({ title, children, action, code, icon, heading: Heading = "h2" }: EmptyProps) {
  return (
    <div className="mx-auto flex w-full max-w-130 flex-col items-center px-4 py-12 text-center">
      {icon && <span className="mb-3 text-faint">{icon}</span>}
      <Heading className="text-base font-semibold">{title}</Heading>
      {children && <div className="mt-1 text-muted text-pretty">{children}</div>}
      {action && <div className="mt-4 flex flex-wrap justify-center gap-2">{action}</div>}
      {code && (
        <div className="card mt-4 flex max-w-full items-center gap-2 py-1 pr-1 pl-3 text-left">
          <code className="min-w-0 grow text-xs whitespace-pre-wrap [overflow-wrap:anywhere]">{code}</code>
          <CopyButton text={code} label="Copy command" />
        </div>
      )}
    </div>
  );
}

type ErrorProps = { error: unknown; retry?: (() => void) | undefined; title?: string };

/** The error, the request id, and a button to try again. */
export function ErrorState({ error, retry, title = "This could not be loaded" }: ErrorProps) {
  const requestId = error instanceof ApiError ? error.requestId : undefined;
  // A retry cannot grant a missing permission.
  const isForbidden = error instanceof ApiError && error.status === 403;
  const Icon = isForbidden ? Lock : CircleAlert;
  return (
    <div role="alert" className="mx-auto flex w-full max-w-130 flex-col items-center px-4 py-12 text-center">
      <Icon aria-hidden size={22} className={`mb-3 ${isForbidden ? "text-muted" : "text-bad"}`} />
      <h2 className="text-base font-semibold">{isForbidden ? "You do not have access" : title}</h2>
      <p className="mt-1 max-w-full text-muted text-pretty [overflow-wrap:anywhere]">
        {error instanceof Error ? error.message : explain(error)}
      </p>
      {requestId && (
        <p className="mt-2 flex max-w-full items-center gap-1 text-xs text-muted">
          Request <code className="min-w-0 truncate">{requestId}</code>
          <CopyButton text={requestId} label="Copy request id" />
        </p>
      )}
      {retry && !isForbidden && (
        <Button className="mt-4" onClick={retry}>
          Retry
        </Button>
      )}
    </div>
  );
}

/** A page that broke while it was drawn or while its code was loaded. */
export function PageFailure({ error, retry }: { error: unknown; retry: () => void }) {
  return (
    <ErrorState
      error={error}
      retry={retry}
      title={isPassing(error) ? "The server is not responding" : "This page has an error"}
    />
  );
}

export function NotFound() {
  return (
    <EmptyState
      title="Page not found"
      heading="h1"
      icon={<SearchX size={22} />}
      action={
        <Link to="/" className={buttonLook("plain")}>
          Go to overview
        </Link>
      }
    >
      The address may be mistyped, or the page may have moved.
    </EmptyState>
  );
}
