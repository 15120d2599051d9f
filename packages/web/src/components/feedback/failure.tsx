/** The error of a failed action, shown where it happened. */
export function Failure({ text }: { text: string | undefined }) {
  if (!text) return null;
  return (
    <p
      role="alert"
      className="rounded-control bg-bad-soft px-3 py-2 whitespace-pre-line text-bad [overflow-wrap:anywhere]"
    >
      {text}
    </p>
  );
}
