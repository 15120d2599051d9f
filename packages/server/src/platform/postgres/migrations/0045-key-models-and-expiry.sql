-- An API key may be restricted to models, and may expire. Null restricts nothing.
ALTER TABLE api_keys ADD COLUMN models text[], ADD COLUMN expires_at timestamptz;
