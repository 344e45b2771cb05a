import { randomUUID } from "node:crypto";
import type { NewUser, User, UserRepository } from "@shop/domain";

export class MemoryUserRepository implements UserRepository {
  private readonly users = new Map<string, User>();

  async findById(id: string): Promise<User | null> {
    return this.users.get(id) ?? null;
  }

  async findByTelegramId(telegramId: number): Promise<User | null> {
    return [...this.users.values()].find((user) => user.telegramId === telegramId) ?? null;
  }

  async create(user: NewUser): Promise<User> {
    const created = { ...user, id: randomUUID(), createdAt: new Date().toISOString() };
    this.users.set(created.id, created);
    return created;
  }

  async rename(id: string, name: string): Promise<User | null> {
    const user = this.users.get(id);
    if (!user) return null;
    const renamed = { ...user, name };
    this.users.set(id, renamed);
    return renamed;
  }

  /** For tests. */
  clear(): void {
    this.users.clear();
  }
}
