/** Whether a policy applies to calls. */
export const PolicyState = ({ isEnabled }: { isEnabled: boolean }) => (
  <span className={`whitespace-nowrap ${isEnabled ? "" : "text-muted"}`}>
    <span aria-hidden className={isEnabled ? "text-good" : "text-faint"}>
      ●
    </span>{" "}
    {isEnabled ? "on" : "off"}
  </span>
);
