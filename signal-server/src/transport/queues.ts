// What waits to be sent, over all streams. Each alone is bounded, but a device may open many and read from none: when all of them together hold too much,
// those end that have held something for longest. A device that reads empties its queue again and again, however much it is given.

export type Queue = {
  /** What it holds now. */
  readonly bytes: () => number
  readonly end: () => void
}
export type Queues = {
  /** The queue is given so many bytes more. */
  grow(queue: Queue, bytes: number): void
  leave(queue: Queue): void
}

export function createQueues(bytesMax: number): Queues {
  /** In the order in which they began to hold something. Those that are empty may be anywhere. */
  const open = new Set<Queue>()
  /** Never less than what all hold: sending takes off nothing until they are counted again. */
  let atMost = 0

  const count = (): number => [...open].reduce((sum, queue) => sum + queue.bytes(), 0)
  /** Down to three quarters, so that the next count is far away. */
  const makeRoom = (): void => {
    for (const queue of open) {
      if (atMost <= (bytesMax * 3) / 4) return
      atMost -= queue.bytes()
      if (queue.bytes() > 0) queue.end()
    }
  }

  return {
    grow(queue, bytes) {
      if (queue.bytes() === 0) open.delete(queue)
      open.add(queue)
      atMost += bytes
      if (atMost > bytesMax) atMost = count() + bytes
      if (atMost > bytesMax) makeRoom()
    },
    leave: (queue) => void open.delete(queue),
  }
}
