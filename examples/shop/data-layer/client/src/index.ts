import type { NewProduct, NewUser, Order, OrderStatus, Product, User } from "@shop/domain";

export class ShopClient {
  constructor(
    private readonly baseUrl: string,
    private readonly send: typeof fetch = fetch,
  ) {}

  getUser(id: string) {
    return this.request<User>(`/api/users/${id}`);
  }

  getUserByTelegramId(telegramId: number) {
    return this.request<User>(`/api/users/by-telegram/${telegramId}`);
  }

  createUser(user: NewUser) {
    return this.request<User>("/api/users", { method: "POST", body: user });
  }

  renameUser(id: string, name: string) {
    return this.request<User>(`/api/users/${id}`, { method: "PATCH", body: { name } });
  }

  listProducts(inStock = false) {
    return this.request<Product[]>(`/api/products?inStock=${inStock}`);
  }

  getProduct(id: string) {
    return this.request<Product>(`/api/products/${id}`);
  }

  createProduct(product: NewProduct) {
    return this.request<Product>("/api/products", { method: "POST", body: product });
  }

  listOrders(userId: string, limit?: number) {
    const query = limit === undefined ? `?userId=${userId}` : `?userId=${userId}&limit=${limit}`;
    return this.request<Order[]>(`/api/orders${query}`);
  }

  getOrder(id: string) {
    return this.request<Order>(`/api/orders/${id}`);
  }

  placeOrder(userId: string, items: { productId: string; quantity: number }[]) {
    return this.request<Order>("/api/orders", { method: "POST", body: { userId, items } });
  }

  setOrderStatus(id: string, status: OrderStatus) {
    return this.request<Order>(`/api/orders/${id}/status`, { method: "PUT", body: { status } });
  }

  private async request<T>(path: string, options: { method?: string; body?: unknown } = {}): Promise<T> {
    const { method = "GET", body } = options;
    const response = await this.send(`${this.baseUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { "content-type": "application/json" }, body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path} answered ${response.status}`);
    return (await response.json()) as T;
  }
}
