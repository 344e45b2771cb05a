-- What a content would do on the database of each environment, by a look at its statistics when it was rehearsed.
CREATE TABLE change_mgmt.target_looks (
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id),
  content_hash text NOT NULL,
  environment text NOT NULL,
  -- The look and the one before it; null where there was none, and then `refusal` says why.
  look jsonb,
  refusal jsonb,
  -- Over all migrations; null where nobody knows.
  rewritten_bytes double precision,
  blocked_seconds double precision,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (change_id, content_hash, environment)
);
