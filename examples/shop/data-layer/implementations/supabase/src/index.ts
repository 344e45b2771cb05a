import type { Repositories } from "@shop/domain";
import type { SupabaseClient } from "@supabase/supabase-js";
import { SupabaseOrderRepository } from "./repositories/order.repository.js";
import { SupabaseProductRepository } from "./repositories/product.repository.js";
import { SupabaseUserRepository } from "./repositories/user.repository.js";

export { SupabaseOrderRepository, SupabaseProductRepository, SupabaseUserRepository };

export function supabaseRepositories(supabase: SupabaseClient): Repositories {
  return {
    users: new SupabaseUserRepository(supabase),
    products: new SupabaseProductRepository(supabase),
    orders: new SupabaseOrderRepository(supabase),
  };
}
