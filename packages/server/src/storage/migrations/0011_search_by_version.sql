-- Whether a search document says what its change is follows from the change's version alone. An earlier release beside this one still
-- writes the hash of what it searched, and takes a document without one for one that has to be made anew.
ALTER TABLE change_mgmt.change_search ALTER COLUMN source_hash DROP NOT NULL;
