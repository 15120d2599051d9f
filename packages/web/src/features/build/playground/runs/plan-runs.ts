import { fieldsFor, type InputField, valuesOf } from "../../../../components/form/input-values.ts";
import { inputsOf } from "../../../../components/form/template-inputs.ts";
import type { Asked, StoredVersion } from "../state/fill-request.ts";
import { namedIn, takenBy } from "../state/fill-request.ts";
import { type ChatColumn, messagesFor, type PlaygroundState } from "../state/playground-state.ts";
import { conversationOf, fieldsOf, inputsFor, mapInputs, type Row } from "../state/row-inputs.ts";
import type { Ask } from "./runs-store.ts";

export type Plan = {
  readonly state: PlaygroundState;
  readonly rows: readonly Row[];
  readonly versionOf: (column: ChatColumn) => StoredVersion | undefined;
};

/** The inputs that a column takes, by name. */
export function inputNames({ state, versionOf }: Plan, column: ChatColumn): readonly string[] {
  const version = versionOf(column);
  if (column.prompt) return version ? takenBy(version) : [];
  return namedIn(messagesFor(state, column));
}

/** One field for each input of any column; the definition in a stored prompt takes precedence over free text. */
export function inputFields(plan: Plan): readonly InputField[] {
  const fields = new Map<string, InputField>();
  const add = (found: readonly InputField[]) => {
    for (const field of found) if (!fields.has(field.name)) fields.set(field.name, field);
  };
  for (const column of plan.state.columns) {
    const version = plan.versionOf(column);
    if (column.prompt && version) add(fieldsFor({ schema: version.inputs, ...inputsOf(version) }));
  }
  for (const column of plan.state.columns)
    if (!column.prompt) add(fieldsFor({ schema: null, names: inputNames(plan, column), placeholders: [] }));
  return [...fields.values()];
}

/** Where each input of any column is taken from in the rows. */
export const mappingOf = (plan: Plan): Readonly<Record<string, string>> =>
  mapInputs({
    names: [...new Set(plan.state.columns.flatMap((column) => inputNames(plan, column)))],
    fields: fieldsOf(plan.rows),
    mapping: plan.state.rows?.mapping ?? {},
  });

const NO_CANNED: Readonly<Record<string, string>> = {};

/** The key of a column's answer for a row, or for the single input. */
export const keyOf = ({ rows }: PlaygroundState, column: ChatColumn, row?: Row): string =>
  row && rows ? `${column.id} ${rows.datasetId}@${rows.at} ${row.itemId}` : column.id;

/** The request of a column for a row, or for the single input. */
function askedOfRow(plan: Plan, column: ChatColumn, row?: Row): Asked {
  const { state } = plan;
  const messages = messagesFor(state, column);
  const names = inputNames(plan, column);
  if (!row) {
    const typed = valuesOf(
      inputFields(plan).filter(({ name }) => names.includes(name)),
      state.inputs ?? {},
    );
    return { column, messages, inputs: typed, conversation: [] };
  }
  const mapping = Object.fromEntries(Object.entries(mappingOf(plan)).filter(([name]) => names.includes(name)));
  return { column, messages, inputs: inputsFor(row, mapping), conversation: conversationOf(row, mapping) };
}

/** One run that can be started. */
export function planRun(plan: Plan, column: ChatColumn, row?: Row): Ask {
  const canned = plan.state.canned ?? NO_CANNED;
  const asked = askedOfRow(plan, column, row);
  return { ...asked, canned, key: keyOf(plan.state, column, row), askedOf: fingerprint(asked, canned) };
}

/** A fingerprint that changes whenever the request changes. */
function fingerprint({ column, messages, inputs, conversation }: Asked, canned: Ask["canned"]): string {
  const { id: _, messages: __, ...settings } = column;
  const said = column.prompt ? [] : messages.map(({ id: ___, ...message }) => message);
  const text = JSON.stringify([settings, said, inputs, conversation, column.tools ? canned : {}]);
  // FNV-1a, 32 bits: enough to tell a change, and short enough to keep with every answer.
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(36);
}
