// Carry files between the engine and the browser's own files, a part at a time: neither the page nor the engine ever holds all of one.

import type { AccountId, CarryBrought, CarryRefusal, ConversationId } from '@kith/protocol'
import type { EngineClient } from '../engine/index.ts'
import { CARRY_ENDING, CARRY_PART_BYTES } from './limits.ts'

export const SPANS = ['lacking', 'week', 'month', 'all'] as const
export type Span = (typeof SPANS)[number]

const DAY_MS = 86_400_000
/** From when on, ms; undefined for what is not known to be there. */
export const sinceOf = (span: Span, now: number): number | undefined =>
  ({ lacking: undefined, week: now - 7 * DAY_MS, month: now - 30 * DAY_MS, all: 0 })[span]

/** It names nobody: whoever sees it lie somewhere learns no more than a day. */
export const carryFileName = (now: Date): string => `Kith ${now.toISOString().slice(0, 10)}${CARRY_ENDING}`

type Order = { readonly conversation: ConversationId; readonly account: AccountId; readonly since: number | undefined }
export type NotMade = 'not-met' | 'unknown-conversation' | 'gone'

/** `told`: how many bytes there are so far. */
export async function makeFile(
  engine: Pick<EngineClient, 'makeCarry' | 'readCarry'>,
  order: Order,
  told: (bytes: number) => void,
): Promise<Blob | NotMade> {
  const made = await engine.makeCarry(order)
  if (made.kind === 'refused') return made.reason
  const parts: Blob[] = []
  for (let size = 0; ;) {
    const read = await engine.readCarry({ carry: made.carry })
    if (read.kind === 'refused') return read.reason
    parts.push(new Blob([Uint8Array.from(read.bytes)]))
    size += read.bytes.length
    told(size)
    if (read.isLast) return new Blob(parts)
  }
}

export type Brought = CarryBrought & { readonly refused: CarryRefusal | 'not-read' | undefined }
const NOTHING = { chat: undefined, entries: 0, isWaiting: false } as const
/** An engine that moved to another tab knows nothing of what the one before has read. */
const TRIES = 3

/** `told`: what part of it was read, from 0 to 1. */
export async function openFile(engine: Pick<EngineClient, 'openCarry'>, file: Blob, told: (part: number) => void): Promise<Brought> {
  for (let tries = 1; ; tries += 1) {
    const brought = await openOnce(engine, file, told)
    if (brought.refused !== 'gone' || tries === TRIES) return brought
  }
}

async function openOnce(engine: Pick<EngineClient, 'openCarry'>, file: Blob, told: (part: number) => void): Promise<Brought> {
  const carry = crypto.randomUUID()
  for (let at = 0; ; at += CARRY_PART_BYTES) {
    const part = await file
      .slice(at, at + CARRY_PART_BYTES)
      .arrayBuffer()
      .catch(() => undefined)
    if (part === undefined) return { ...NOTHING, refused: 'not-read' }
    const isLast = at + CARRY_PART_BYTES >= file.size
    const outcome = await engine.openCarry({ carry, at, bytes: new Uint8Array(part), isLast })
    told(file.size === 0 ? 1 : Math.min(1, (at + CARRY_PART_BYTES) / file.size))
    if (outcome.kind === 'opened') return { ...outcome, refused: undefined }
    if (outcome.kind === 'refused') return { ...outcome, refused: outcome.reason }
  }
}
