import type { NewUser, User, UserRepository } from "@shop/domain";
import type { SupabaseClient } from "@supabase/supabase-js";

interface UserRow {
  id: string;
  telegram_id: number | null;
  email: string | null;
  name: string;
  created_at: string;
}

export class SupabaseUserRepository implements UserRepository {
  constructor(private readonly supabase: SupabaseClient) {}

  async findById(id: string): Promise<User | null> {
    const { data, error } = await this.supabase.from("users").select("*").eq("id", id).maybeSingle<UserRow>();
    if (error) throw error;
    return data && toUser(data);
  }

  async findByTelegramId(telegramId: number): Promise<User | null> {
    const { data, error } = await this.supabase
      .from("users")
      .select("*")
      .eq("telegram_id", telegramId)
      .maybeSingle<UserRow>();
    if (error) throw error;
    return data && toUser(data);
  }

  async create(user: NewUser): Promise<User> {
    const row = { telegram_id: user.telegramId, email: user.email, name: user.name };
    const { data, error } = await this.supabase.from("users").insert(row).select().single<UserRow>();
    if (error) throw error;
    return toUser(data);
  }

  async rename(id: string, name: string): Promise<User | null> {
    const { data, error } = await this.supabase
      .from("users")
      .update({ name })
      .eq("id", id)
      .select()
      .maybeSingle<UserRow>();
    if (error) throw error;
    return data && toUser(data);
  }
}

function toUser(row: UserRow): User {
  return { id: row.id, telegramId: row.telegram_id, email: row.email, name: row.name, createdAt: row.created_at };
}
