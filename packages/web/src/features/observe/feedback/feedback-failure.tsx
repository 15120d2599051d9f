type FailureProps = { list: { readonly data: unknown; readonly error: unknown; refetch(): unknown } };

/** Shown when feedback could not be loaded and there is none to show. */
export function FeedbackFailure({ list: { data, error, refetch } }: FailureProps) {
  if (!error || data) return null;
  return (
    <p role="alert" className="text-bad">
      The feedback could not be loaded.{" "}
      <button type="button" className="underline" onClick={() => void refetch()}>
        Retry
      </button>
    </p>
  );
}
