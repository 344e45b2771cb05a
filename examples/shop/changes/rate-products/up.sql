ALTER TABLE products ADD COLUMN stars numeric(2, 1);

ALTER TABLE products ADD CONSTRAINT products_stars_in_range CHECK stars BETWEEN 1 AND 5;
