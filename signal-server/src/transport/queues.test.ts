// What waits to be sent, all in all.

import { expect, test } from 'vitest'
import { UNSENT_BYTES_MAX } from '../limits.ts'
import { createQueues } from './queues.ts'
import type { Queues } from './queues.ts'

function openQueue(queues: Queues) {
  const state = { held: 0, isEnded: false }
  const queue = { bytes: () => state.held, end: () => void Object.assign(state, { held: 0, isEnded: true }) }
  const give = (bytes: number): void => {
    queues.grow(queue, bytes)
    state.held += bytes
  }
  return { state, give, leave: () => queues.leave(queue) }
}

test('all queues together hold so much; one byte more ends those that have held something for longest, as few as give room', () => {
  const queues = createQueues(UNSENT_BYTES_MAX)
  const [alice, mallory, bob, carol] = [openQueue(queues), openQueue(queues), openQueue(queues), openQueue(queues)]
  alice.give(1)
  mallory.give((UNSENT_BYTES_MAX * 3) / 8)
  // She has read everything, and is given a lot at once.
  alice.state.held = 0
  alice.give((UNSENT_BYTES_MAX * 3) / 8)
  bob.give(UNSENT_BYTES_MAX / 4)
  const ended = () => [alice, mallory, bob, carol].map(({ state }) => state.isEnded)
  expect(ended()).toEqual([false, false, false, false])
  carol.give(1)
  expect(ended()).toEqual([false, true, false, false])
})

test('what was sent, or has left, counts no longer', () => {
  const queues = createQueues(100)
  const [alice, bob] = [openQueue(queues), openQueue(queues)]
  for (let n = 0; n < 100; n++) {
    alice.give(50)
    alice.state.held = 0
  }
  bob.give(60)
  bob.leave()
  alice.give(90)
  expect([alice.state.isEnded, bob.state.isEnded]).toEqual([false, false])
})
