ALTER TABLE users
  ADD COLUMN preferences jsonb NOT NULL DEFAULT '{}'::jsonb
  CONSTRAINT users_preferences_is_object CHECK (jsonb_typeof(preferences) = 'object');

COMMENT ON COLUMN users.preferences IS 'What the customer chose: language, wanted messages';
