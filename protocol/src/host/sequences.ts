// Acts on one thing happen one after another, each whatever became of those before it.

export type Sequences<K> = <T>(key: K, act: () => Promise<T>) => Promise<T>

export function createSequences<K>(): Sequences<K> {
  const tails = new Map<K, Promise<unknown>>()
  return (key, act) => {
    const answer = (tails.get(key) ?? Promise.resolve()).then(act)
    const forget = (): void => {
      if (tails.get(key) === tail) tails.delete(key)
    }
    const tail: Promise<unknown> = answer.then(forget, forget)
    tails.set(key, tail)
    return answer
  }
}
