-- Permissions are named after what they are about: `boards` becomes `dashboards`, and exports no longer share those of forwarding.
UPDATE api_keys SET permissions = array_replace(array_replace(permissions, 'boards:read', 'dashboards:read'), 'boards:write', 'dashboards:write')
WHERE permissions && ARRAY['boards:read', 'boards:write'];
UPDATE api_keys SET permissions = permissions || 'exports:read'::text
WHERE 'forwarding:read' = ANY (permissions) AND NOT 'exports:read' = ANY (permissions);
UPDATE api_keys SET permissions = permissions || 'exports:write'::text
WHERE 'forwarding:write' = ANY (permissions) AND NOT 'exports:write' = ANY (permissions);
