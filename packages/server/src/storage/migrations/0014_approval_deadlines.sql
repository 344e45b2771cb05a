-- The time limits of approvals that are asked for now, so that whoever is late hears of it once, whatever was restarted meanwhile.
CREATE TABLE change_mgmt.approval_deadlines (
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id) ON DELETE CASCADE,
  requirement text NOT NULL,
  asked_at timestamptz NOT NULL,
  remind_at timestamptz NOT NULL,
  due_at timestamptz NOT NULL,
  reminded_at timestamptz,
  escalated_at timestamptz,
  PRIMARY KEY (change_id, requirement)
);
CREATE INDEX approval_deadlines_to_remind ON change_mgmt.approval_deadlines (remind_at) WHERE reminded_at IS NULL;
CREATE INDEX approval_deadlines_to_escalate ON change_mgmt.approval_deadlines (due_at) WHERE escalated_at IS NULL;

-- Changes that wait for approvals already are asked about since they came to it.
UPDATE change_mgmt.change_requests c
SET metadata = jsonb_set(c.metadata, '{asked}', jsonb_build_object('deployment',
  to_char(h.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
FROM (SELECT change_id, max(created_at) AS at FROM change_mgmt.change_history
  WHERE to_status = 'awaiting_approval' GROUP BY change_id) h
WHERE h.change_id = c.id AND c.status NOT IN ('closed', 'cancelled');
