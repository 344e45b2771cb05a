import type { NewOrder, NewProduct, NewUser, Order, OrderStatus, Product, User } from "./entities.js";

export interface UserRepository {
  findById(id: string): Promise<User | null>;
  findByTelegramId(telegramId: number): Promise<User | null>;
  create(user: NewUser): Promise<User>;
  rename(id: string, name: string): Promise<User | null>;
}

export interface ProductRepository {
  list(inStockOnly?: boolean): Promise<Product[]>;
  findById(id: string): Promise<Product | null>;
  create(product: NewProduct): Promise<Product>;
  changeStock(id: string, by: number): Promise<Product | null>;
}

export interface OrderRepository {
  findById(id: string): Promise<Order | null>;
  listByUser(userId: string, limit?: number): Promise<Order[]>;
  place(order: NewOrder): Promise<Order>;
  setStatus(id: string, status: OrderStatus): Promise<Order | null>;
}

export interface Repositories {
  users: UserRepository;
  products: ProductRepository;
  orders: OrderRepository;
}
