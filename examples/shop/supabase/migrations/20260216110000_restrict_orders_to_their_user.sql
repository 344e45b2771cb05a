-- The service sets app.user_id for each request; without it nobody's orders are seen.
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;

CREATE POLICY orders_of_their_user ON orders
  USING (user_id = nullif(current_setting('app.user_id', true), '')::uuid);
