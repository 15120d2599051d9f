/** The problem of a group of controls, which has no field to belong to. */
export const ProblemText = ({ text }: { text: string | undefined }) =>
  text ? (
    <p role="alert" className="text-xs text-bad">
      {text}
    </p>
  ) : null;
