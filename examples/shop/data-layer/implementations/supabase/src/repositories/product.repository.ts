import type { NewProduct, Product, ProductRepository } from "@shop/domain";
import type { SupabaseClient } from "@supabase/supabase-js";

interface ProductRow {
  id: string;
  sku: string;
  name: string;
  description: string;
  price_cents: number;
  stock: number;
}

export class SupabaseProductRepository implements ProductRepository {
  constructor(private readonly supabase: SupabaseClient) {}

  async list(inStockOnly = false): Promise<Product[]> {
    const all = this.supabase.from("products").select("*").order("name");
    const { data, error } = await (inStockOnly ? all.gt("stock", 0) : all).returns<ProductRow[]>();
    if (error) throw error;
    return data.map(toProduct);
  }

  async findById(id: string): Promise<Product | null> {
    const { data, error } = await this.supabase.from("products").select("*").eq("id", id).maybeSingle<ProductRow>();
    if (error) throw error;
    return data && toProduct(data);
  }

  async create(product: NewProduct): Promise<Product> {
    const { priceCents, ...rest } = product;
    const row = { ...rest, price_cents: priceCents };
    const { data, error } = await this.supabase.from("products").insert(row).select().single<ProductRow>();
    if (error) throw error;
    return toProduct(data);
  }

  async changeStock(id: string, by: number): Promise<Product | null> {
    const product = await this.findById(id);
    if (!product || product.stock + by < 0) return null;
    // Guarded by the value that was read, so that two sales at once do not lose one.
    const { data, error } = await this.supabase
      .from("products")
      .update({ stock: product.stock + by })
      .eq("id", id)
      .eq("stock", product.stock)
      .select()
      .maybeSingle<ProductRow>();
    if (error) throw error;
    return data ? toProduct(data) : this.changeStock(id, by);
  }
}

function toProduct({ price_cents, ...row }: ProductRow): Product {
  return { ...row, priceCents: price_cents };
}
