/**
 * Why a form has no estimate yet: the parts with problems, such as `variants.0.model`, in the words of `names`.
 * Undefined for a complete form.
 */
export function missingWords(
  isWhole: boolean,
  problems: Readonly<Record<string, string>>,
  names: Readonly<Record<string, string>>,
): string | undefined {
  if (isWhole) return undefined;
  const parts = [...new Set(Object.keys(problems).map((place) => place.split(".")[0] ?? ""))];
  return `The estimate appears when the form is complete. Missing: ${parts.map((part) => names[part] ?? part).join(", ")}.`;
}
