-- Reading the text of traces is now a separate permission. Keys that could read it still can.
UPDATE api_keys SET permissions = permissions || 'traces:content'::text
WHERE permissions && ARRAY['traces:read', 'sql:read', 'annotation:read', 'annotation:write', 'scorers:read', 'scorers:write', 'datasets:read', 'datasets:write', 'experiments:write', 'guards:write', 'forwarding:write']
AND NOT 'traces:content' = ANY (permissions);
