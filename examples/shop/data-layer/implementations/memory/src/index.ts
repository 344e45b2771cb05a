import type { Repositories } from "@shop/domain";
import { MemoryOrderRepository } from "./repositories/MemoryOrderRepository.js";
import { MemoryProductRepository } from "./repositories/MemoryProductRepository.js";
import { MemoryUserRepository } from "./repositories/MemoryUserRepository.js";

export { MemoryOrderRepository, MemoryProductRepository, MemoryUserRepository };

export function memoryRepositories(): Repositories {
  return {
    users: new MemoryUserRepository(),
    products: new MemoryProductRepository(),
    orders: new MemoryOrderRepository(),
  };
}
