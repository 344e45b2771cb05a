ALTER TABLE products ADD COLUMN weight_grams integer
  CONSTRAINT products_weight_is_positive CHECK (weight_grams > 0);
