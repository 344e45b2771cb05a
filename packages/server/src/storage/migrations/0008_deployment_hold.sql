-- While its one row is there, no deployment is begun or taken up. A restore writes it, or a person.
CREATE TABLE change_mgmt.deployment_hold (
  id integer PRIMARY KEY CHECK (id = 1),
  reason text NOT NULL,
  held_by text NOT NULL,
  since timestamptz NOT NULL,
  -- What a restore did and the audit trail does not tell yet; null for everything else.
  untold jsonb
);
