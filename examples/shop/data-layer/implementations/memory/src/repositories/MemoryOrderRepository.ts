import { randomUUID } from "node:crypto";
import type { NewOrder, Order, OrderRepository, OrderStatus } from "@shop/domain";

export class MemoryOrderRepository implements OrderRepository {
  private readonly orders = new Map<string, Order>();

  async findById(id: string): Promise<Order | null> {
    return this.orders.get(id) ?? null;
  }

  async listByUser(userId: string, limit = 20): Promise<Order[]> {
    return [...this.orders.values()]
      .filter((order) => order.userId === userId)
      .sort((a, b) => b.placedAt.localeCompare(a.placedAt))
      .slice(0, limit);
  }

  async place(order: NewOrder): Promise<Order> {
    const placed: Order = { ...order, id: randomUUID(), status: "placed", placedAt: new Date().toISOString() };
    this.orders.set(placed.id, placed);
    return placed;
  }

  async setStatus(id: string, status: OrderStatus): Promise<Order | null> {
    const order = this.orders.get(id);
    if (!order) return null;
    const changed = { ...order, status };
    this.orders.set(id, changed);
    return changed;
  }

  /** For tests. */
  count(): number {
    return this.orders.size;
  }
}
