import { randomUUID } from "node:crypto";
import type { NewProduct, Product, ProductRepository } from "@shop/domain";

export class MemoryProductRepository implements ProductRepository {
  private readonly products = new Map<string, Product>();

  async list(inStockOnly = false): Promise<Product[]> {
    return [...this.products.values()]
      .filter((product) => !inStockOnly || product.stock > 0)
      .sort((a, b) => a.name.localeCompare(b.name));
  }

  async findById(id: string): Promise<Product | null> {
    return this.products.get(id) ?? null;
  }

  async create(product: NewProduct): Promise<Product> {
    const created = { ...product, id: randomUUID() };
    this.products.set(created.id, created);
    return created;
  }

  async changeStock(id: string, by: number): Promise<Product | null> {
    const product = this.products.get(id);
    if (!product || product.stock + by < 0) return null;
    const changed = { ...product, stock: product.stock + by };
    this.products.set(id, changed);
    return changed;
  }

  /** For tests. */
  clear(): void {
    this.products.clear();
  }
}
