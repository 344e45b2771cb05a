import type { NewOrder, Order, OrderRepository, OrderStatus } from "@shop/domain";
import type { SupabaseClient } from "@supabase/supabase-js";

interface OrderRow {
  id: string;
  user_id: string;
  status: OrderStatus;
  placed_at: string;
  order_items: { product_id: string; quantity: number; price_cents: number }[];
}

const COLUMNS = "id, user_id, status, placed_at, order_items (product_id, quantity, price_cents)";

export class SupabaseOrderRepository implements OrderRepository {
  constructor(private readonly supabase: SupabaseClient) {}

  async findById(id: string): Promise<Order | null> {
    const { data, error } = await this.supabase.from("orders").select(COLUMNS).eq("id", id).maybeSingle<OrderRow>();
    if (error) throw error;
    return data && toOrder(data);
  }

  async listByUser(userId: string, limit = 20): Promise<Order[]> {
    const { data, error } = await this.supabase
      .from("orders")
      .select(COLUMNS)
      .eq("user_id", userId)
      .order("placed_at", { ascending: false })
      .limit(limit)
      .returns<OrderRow[]>();
    if (error) throw error;
    return data.map(toOrder);
  }

  async place(order: NewOrder): Promise<Order> {
    const { data: placed, error } = await this.supabase
      .from("orders")
      .insert({ user_id: order.userId })
      .select("id")
      .single<{ id: string }>();
    if (error) throw error;
    const items = order.items.map((item) => ({
      order_id: placed.id,
      product_id: item.productId,
      quantity: item.quantity,
      price_cents: item.priceCents,
    }));
    const { error: itemsError } = await this.supabase.from("order_items").insert(items);
    if (itemsError) throw itemsError;
    const found = await this.findById(placed.id);
    if (!found) throw new Error(`order ${placed.id} was placed and is not visible to its user`);
    return found;
  }

  async setStatus(id: string, status: OrderStatus): Promise<Order | null> {
    const { data, error } = await this.supabase
      .from("orders")
      .update({ status })
      .eq("id", id)
      .select(COLUMNS)
      .maybeSingle<OrderRow>();
    if (error) throw error;
    return data && toOrder(data);
  }
}

function toOrder(row: OrderRow): Order {
  return {
    id: row.id,
    userId: row.user_id,
    status: row.status,
    placedAt: row.placed_at,
    items: row.order_items.map((item) => ({
      productId: item.product_id,
      quantity: item.quantity,
      priceCents: item.price_cents,
    })),
  };
}
