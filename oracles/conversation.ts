// A conversation between our ratchet and another implementation, with turns, loss and reordering from a seed.

import { expect } from 'vitest'
import { seededRandom } from '../protocol/test/vectors/seeded-random.ts'

export type Side = {
  readonly seal: (text: string) => Promise<Uint8Array>
  readonly open: (message: Uint8Array) => Promise<string>
}

/** Every message that arrives must open; a fifth is lost, the others arrive up to `delay` steps late. */
export async function converse(
  ours: Side,
  theirs: Side,
  { seed, steps, delay }: { readonly seed: string; readonly steps: number; readonly delay: number },
) {
  const random = seededRandom(seed)
  const travelling: { readonly to: Side; readonly message: Uint8Array; readonly text: string; readonly due: number }[] = []
  let arrived = 0
  for (let at = 0; at < steps + delay; at++) {
    const [side = 0, loss = 0, late = 0] = random(3)
    if (at < steps) {
      const from = side % 2 === 0 ? ours : theirs
      const text = `message ${at} of ${seed}`
      const message = await from.seal(text)
      if (loss % 5 !== 0) travelling.push({ to: from === ours ? theirs : ours, message, text, due: at + (late % (delay + 1)) })
    }
    for (const item of travelling.filter((other) => other.due <= at)) {
      travelling.splice(travelling.indexOf(item), 1)
      expect(await item.to.open(item.message)).toBe(item.text)
      arrived += 1
    }
  }
  expect(travelling).toHaveLength(0)
  expect(arrived).toBeGreaterThan(steps / 2)
}
