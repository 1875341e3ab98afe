// Carry files on a stage: made by one person, taken along by hand, opened by another.

import { concatBytes } from '../../src/bytes/bytes.ts'
import { accountOf } from './group-stage.ts'
import type { ConversationId } from '../../src/bytes/ids.ts'
import type { CarryOutcome } from '../../src/engine.ts'
import type { Person } from '../simulation/person.ts'
import type { Stage } from './stage.ts'

type Order = { readonly id: ConversationId; readonly for: Person; readonly since?: number }

export async function makeCarry(stage: Stage, maker: Person, { id, for: reader, since }: Order): Promise<Uint8Array> {
  const engine = maker.engine()
  const made = await stage.done(engine.makeCarry({ conversation: id, account: accountOf(reader), since }))
  if (made.kind !== 'ready') throw new Error(made.reason)
  const parts: Uint8Array[] = []
  for (;;) {
    const read = await stage.done(engine.readCarry({ carry: made.carry }))
    if (read.kind !== 'bytes') throw new Error(read.reason)
    parts.push(read.bytes)
    if (read.isLast) return concatBytes(...parts)
  }
}

/** `size`: bytes that are handed over at once. */
export async function openCarry(stage: Stage, reader: Person, file: Uint8Array, size = 100_000): Promise<CarryOutcome> {
  for (let at = 0; ; at += size) {
    const bytes = file.slice(at, at + size)
    const isLast = at + size >= file.length
    const outcome = await stage.done(reader.engine().openCarry({ carry: 'file', at, bytes, isLast }))
    if (outcome.kind !== 'more' || isLast) return outcome
  }
}

export function goOffline(stage: Stage, ...people: readonly Person[]): void {
  for (const person of people) stage.network.setOnline(person.device(), 'offline')
}
