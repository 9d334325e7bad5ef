/** A set that forgets its oldest member when it is full. */
export class BoundedSet<T> {
  readonly #members = new Set<T>();
  readonly #capacity: number;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  has(member: T): boolean {
    return this.#members.has(member);
  }

  add(member: T): void {
    this.#members.add(member);
    const [oldest] = this.#members;
    if (this.#members.size > this.#capacity && oldest !== undefined) this.#members.delete(oldest);
  }

  delete(member: T): void {
    this.#members.delete(member);
  }
}
