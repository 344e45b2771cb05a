-- Under each key that somebody looks for, the changes that are under way: so that what waits for a person, and what a stage holds, is
-- found by one index whatever is in the archive. Kept with each change by the program.
CREATE TABLE change_mgmt.changes_under_way (
  -- requester:, assignee:, team:, role: with a name, votes, and stage: with process/stage
  key text NOT NULL,
  change_id uuid NOT NULL REFERENCES change_mgmt.change_requests (id) ON DELETE CASCADE,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (change_id, key)
);
CREATE INDEX changes_under_way_newest ON change_mgmt.changes_under_way (key COLLATE "C", updated_at DESC, change_id DESC);

INSERT INTO change_mgmt.changes_under_way (key, change_id, updated_at)
SELECT DISTINCT k.key, c.id, c.updated_at
FROM change_mgmt.change_requests c JOIN change_mgmt.workflow_states w ON w.change_id = c.id
CROSS JOIN LATERAL (
  SELECT 'requester:' || c.requester AS key
  UNION ALL SELECT 'assignee:' || c.assignee WHERE c.assignee IS NOT NULL
  UNION ALL SELECT 'team:' || c.team WHERE c.team IS NOT NULL AND c.status <> 'rejected'
  UNION ALL SELECT 'votes' WHERE c.status IN ('awaiting_approval', 'approved', 'scheduled', 'failed', 'rolled_back')
  UNION ALL SELECT 'stage:' || c.process_name || '/' || w.current_step WHERE c.status <> 'rejected'
  UNION ALL
  SELECT 'role:' || r.role
  FROM jsonb_array_elements(w.step_data) s (step) CROSS JOIN LATERAL jsonb_array_elements_text(s.step -> 'by') r (role)
  WHERE c.status <> 'rejected' AND s.step -> 'completed' IS NULL) k
WHERE c.status NOT IN ('closed', 'cancelled');

-- The overview looks for those at work and those in trouble among all that ever were.
CREATE INDEX deployments_at_work ON change_mgmt.deployments (id DESC) WHERE state IN ('requested', 'running', 'waiting');
CREATE INDEX deployments_in_trouble ON change_mgmt.deployments (id DESC)
  WHERE state IN ('failed', 'cancelled') OR (direction = 'rollback' AND state = 'succeeded');
