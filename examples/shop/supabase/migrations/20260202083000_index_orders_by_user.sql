CREATE INDEX orders_user_id_placed_at_idx ON orders (user_id, placed_at DESC);
CREATE INDEX order_items_product_id_idx ON order_items (product_id);
