type Condition = {
  /** On `project_id`, `trace_id`, `span_id` and `name` only: what is the same in every version of one person's answer. */
  readonly where?: string;
  /** How the project is bound. */
  readonly project?: string;
};

const COLUMNS = "project_id, time, trace_id, span_id, name, value, label, comment, source";

/**
 * All judgements of a project's spans as one table, for use after FROM: scores of spans and scorers, and feedback, of
 * which only the newest counts. Its columns equal the columns of `scores`.
 */
export const scoresOf = ({ where = "true", project = "{projectId:String}" }: Condition = {}) =>
  `(SELECT ${COLUMNS} FROM scores WHERE project_id = ${project} AND ${where}
    UNION ALL SELECT project_id, time, trace_id, span_id, name, value, label, comment, 'feedback' AS source FROM (
      SELECT project_id, time, trace_id, span_id, name, value, label, comment, is_retracted FROM feedback
      WHERE project_id = ${project} AND trace_id != '' AND ${where} ORDER BY version DESC LIMIT 1 BY slot)
    WHERE NOT is_retracted AND (isNotNull(value) OR label != ''))`;
