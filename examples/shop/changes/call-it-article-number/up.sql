ALTER TABLE products RENAME COLUMN sku TO article_number;
