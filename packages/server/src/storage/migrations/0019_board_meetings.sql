-- Meetings of boards: convened, opened, closed or called off. What was decided in one is kept with it when it is closed.
CREATE TABLE change_mgmt.board_meetings (
  id uuid PRIMARY KEY,
  process text NOT NULL,
  board text NOT NULL,
  urgent boolean NOT NULL,
  -- convened, open, closed or called-off
  state text NOT NULL,
  from_at timestamptz NOT NULL,
  to_at timestamptz,
  reason text,
  convened_by text NOT NULL REFERENCES change_mgmt.users (handle),
  convened_at timestamptz NOT NULL,
  opened_by text REFERENCES change_mgmt.users (handle),
  opened_at timestamptz,
  notes text NOT NULL,
  noted_by text,
  ended_by text,
  ended_at timestamptz,
  minutes jsonb
);
CREATE INDEX board_meetings_of_board ON change_mgmt.board_meetings (process, board, from_at);
CREATE INDEX board_meetings_convened_by ON change_mgmt.board_meetings (convened_by);
CREATE INDEX board_meetings_opened_by ON change_mgmt.board_meetings (opened_by);
CREATE UNIQUE INDEX board_meetings_one_open ON change_mgmt.board_meetings (process, board) WHERE state = 'open';
CREATE UNIQUE INDEX board_meetings_one_at_a_time ON change_mgmt.board_meetings (process, board, from_at) WHERE state <> 'called-off';

CREATE TABLE change_mgmt.meeting_attendance (
  meeting_id uuid NOT NULL REFERENCES change_mgmt.board_meetings (id) ON DELETE CASCADE,
  person text NOT NULL REFERENCES change_mgmt.users (handle),
  arrived_at timestamptz NOT NULL,
  left_at timestamptz,
  noted_by text NOT NULL,
  PRIMARY KEY (meeting_id, person)
);
CREATE INDEX meeting_attendance_person ON change_mgmt.meeting_attendance (person);

-- In which meeting a vote was cast, and which members were heard there at that moment.
ALTER TABLE change_mgmt.change_approvals ADD COLUMN meeting_id uuid REFERENCES change_mgmt.board_meetings (id);
ALTER TABLE change_mgmt.change_approvals ADD COLUMN meeting_present jsonb;
CREATE INDEX change_approvals_meeting ON change_mgmt.change_approvals (meeting_id);
