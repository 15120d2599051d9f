-- A value sealed with the server's secret key: it tells at the start whether the key is still the one that stored secrets were sealed with.
CREATE TABLE secret_key_checks (
  id text PRIMARY KEY,
  sealed_value text NOT NULL,
  created_at timestamptz NOT NULL
);
