ALTER TABLE spans ADD COLUMN IF NOT EXISTS words String ALIAS lowerUTF8(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(replaceAll(concat(name, ' ', error_message, ' ', replaceAll(replaceAll(replaceAll(replaceAll(concat(input, ' ', output), '\\\\', ' '), '\\n', ' '), '\\t', ' '), '\\r', ' ')), '“', ' '), '”', ' '), '‘', ' '), '’', ' '), '„', ' '), '«', ' '), '»', ' '), '—', ' '), '–', ' '), '…', ' '), '•', ' '), '\xC2\xA0', ' '));

ALTER TABLE spans
  ADD INDEX IF NOT EXISTS spans_words words TYPE text(tokenizer = splitByNonAlpha, posting_list_codec = 'bitpacking'),
  ADD INDEX IF NOT EXISTS spans_metadata_keys mapKeys(metadata) TYPE bloom_filter(0.01) GRANULARITY 1,
  ADD INDEX IF NOT EXISTS spans_metadata_values mapValues(metadata) TYPE bloom_filter(0.01) GRANULARITY 1,
  ADD INDEX IF NOT EXISTS spans_attribute_keys mapKeys(attributes) TYPE bloom_filter(0.01) GRANULARITY 1,
  ADD INDEX IF NOT EXISTS spans_attribute_values mapValues(attributes) TYPE bloom_filter(0.01) GRANULARITY 1;

ALTER TABLE spans MATERIALIZE INDEX IF EXISTS spans_words;

ALTER TABLE spans MATERIALIZE INDEX IF EXISTS spans_metadata_keys;

ALTER TABLE spans MATERIALIZE INDEX IF EXISTS spans_metadata_values;

ALTER TABLE spans MATERIALIZE INDEX IF EXISTS spans_attribute_keys;

ALTER TABLE spans MATERIALIZE INDEX IF EXISTS spans_attribute_values;

ALTER TABLE spans ADD PROJECTION IF NOT EXISTS spans_times (
  SELECT project_id, trace_id, min(start_time), max(start_time) GROUP BY project_id, trace_id
);

ALTER TABLE spans MATERIALIZE PROJECTION IF EXISTS spans_times;
