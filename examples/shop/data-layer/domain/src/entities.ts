export interface User {
  id: string;
  telegramId: number | null;
  email: string | null;
  name: string;
  createdAt: string;
}

export interface Product {
  id: string;
  sku: string;
  name: string;
  description: string;
  priceCents: number;
  stock: number;
}

export type OrderStatus = "placed" | "paid" | "shipped" | "cancelled";

export interface OrderItem {
  productId: string;
  quantity: number;
  priceCents: number;
}

export interface Order {
  id: string;
  userId: string;
  status: OrderStatus;
  placedAt: string;
  items: OrderItem[];
}

export type NewUser = Omit<User, "id" | "createdAt">;
export type NewProduct = Omit<Product, "id">;
export type NewOrder = Pick<Order, "userId" | "items">;

/** Which statuses an order may go to from the one it has. */
export const NEXT_STATUSES: Record<OrderStatus, readonly OrderStatus[]> = {
  placed: ["paid", "cancelled"],
  paid: ["shipped", "cancelled"],
  shipped: [],
  cancelled: [],
};

export function orderTotal(items: readonly OrderItem[]): number {
  return items.reduce((total, item) => total + item.quantity * item.priceCents, 0);
}
