-- By which key a later one was named its successor, and with which signature.
ALTER TABLE change_mgmt.audit_keys ADD COLUMN endorsed_by text;
ALTER TABLE change_mgmt.audit_keys ADD COLUMN endorsement text;
