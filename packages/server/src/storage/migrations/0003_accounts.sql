-- Signing in: passwords, sessions and second factors of people. Of a secret only a hash is kept; a second factor's secret, which has
-- to be read again, is encrypted with a key that is not in the database.
CREATE TABLE change_mgmt.passwords (
  handle text PRIMARY KEY REFERENCES change_mgmt.users (handle),
  hash text NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE TABLE change_mgmt.sessions (
  id uuid PRIMARY KEY,
  handle text NOT NULL REFERENCES change_mgmt.users (handle),
  secret_hash text NOT NULL UNIQUE,
  -- what it was begun with: a password, a link, and whether a second factor came with it
  method text NOT NULL,
  ip_address text,
  user_agent text,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz
);
CREATE INDEX sessions_handle ON change_mgmt.sessions (handle, id DESC);

CREATE TABLE change_mgmt.second_factors (
  handle text PRIMARY KEY REFERENCES change_mgmt.users (handle),
  sealed_secret text NOT NULL,
  created_at timestamptz NOT NULL,
  -- null until a code has shown that the secret arrived
  confirmed_at timestamptz,
  -- the newest time step of which a code was taken; older codes are replays
  last_step bigint NOT NULL
);

CREATE TABLE change_mgmt.recovery_codes (
  id uuid PRIMARY KEY,
  handle text NOT NULL REFERENCES change_mgmt.users (handle),
  code_hash text NOT NULL UNIQUE,
  created_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX recovery_codes_handle ON change_mgmt.recovery_codes (handle);

-- Failed attempts to prove who one is, by a hash of the account or the address they came from.
CREATE TABLE change_mgmt.failed_attempts (
  subject text PRIMARY KEY,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL,
  locked_until timestamptz
);
CREATE INDEX failed_attempts_last_at ON change_mgmt.failed_attempts (last_at);

-- Tokens that a sign-in gave, which end with "sign out everywhere", unlike API tokens somebody made.
ALTER TABLE change_mgmt.api_tokens ADD COLUMN from_sign_in boolean NOT NULL DEFAULT false;
UPDATE change_mgmt.api_tokens SET from_sign_in = true WHERE name = 'sign-in link' AND expires_at IS NOT NULL;

CREATE INDEX users_email ON change_mgmt.users (lower(email));
