-- How often each standard change of the catalogue was used is counted over those changes alone that are one.
CREATE INDEX change_requests_standing ON change_mgmt.change_requests (process_name, (metadata #>> '{fields,standing}'), created_at)
  WHERE metadata #>> '{fields,standing}' IS NOT NULL;
