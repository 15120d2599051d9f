/** The actor of calls that guards make themselves. No policy applies to them: they would ask for themselves without end. */
export const GUARD_ACTOR = "guard";
