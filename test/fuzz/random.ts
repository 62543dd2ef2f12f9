import { createRandom } from '../../core/expectation/seeded-random.test.ts';

/** Choices that are the same for the same seed. */
export class Random {
  readonly #below: (below: number) => number;

  constructor(seed: number) {
    this.#below = createRandom(seed);
  }

  /** A whole number from 0 up to, but not, `count`. */
  below(count: number): number {
    return this.#below(count);
  }

  /** True once in `times`. */
  once(times: number): boolean {
    return this.#below(times) === 0;
  }

  pick<T>(list: readonly T[]): T {
    const index = this.#below(list.length);
    if (index >= list.length) throw new Error('nothing to pick from');
    return list[index] as T;
  }

  /** From `least` to `most` values. */
  list<T>(least: number, most: number, make: (index: number) => T): T[] {
    return Array.from({ length: least + this.#below(most - least + 1) }, (_, index) => make(index));
  }

  shuffled<T>(list: readonly T[]): T[] {
    const rest = [...list];
    return list.map(() => rest.splice(this.#below(rest.length), 1)[0] as T);
  }
}

/** The seed of a case, so that it can be made again without those before it. */
export function seedOf(seed: number, index: number): number {
  return (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) + Math.imul(index + 1, 0xc2b2ae35)) >>> 0;
}
