// What other relays tell this one through the store: a channel of its own, on one server of the store. Whatever is told while nobody listens is lost, so
// after a break everything counts as changed.

import { setTimeout as pause } from 'node:timers/promises'
import { REDIS_RETRY_MS } from '../../limits.ts'
import { toBlobId, toMailboxId } from '../sqlite-bytes.ts'
import type { Wake } from '../storage.ts'
import type { Connection } from './connection.ts'
import type { Servers } from './servers.ts'

const ID_BYTES = 32
const KINDS = { s: 'stored', t: 'taken', r: 'released' } as const

export type Wakes = { close(): void }

/** `me`: the name of this relay. Resolves when it is listening. */
export async function listenForWakes(servers: Servers, me: string, onWake: (wake: Wake) => void): Promise<Wakes> {
  const channel = `kith:${me}`
  let isClosed = false
  let connection: Connection | undefined
  const open = async (): Promise<void> => {
    connection = await servers.connect(() => void again())
    await connection.subscribe(channel, (message) => {
      const wake = parseWake(message)
      if (wake) onWake(wake)
    })
  }
  const again = async (): Promise<void> => {
    while (!isClosed) {
      await pause(REDIS_RETRY_MS)
      const isOpen = await open().then(
        () => true,
        () => false,
      )
      if (isOpen) return onWake({ kind: 'all' })
    }
  }
  await open()
  return {
    close() {
      isClosed = true
      connection?.close()
    },
  }
}

/** Undefined for what a relay of another version may say. */
export function parseWake(message: Buffer): Wake | undefined {
  const kind = KINDS[message.toString('latin1', 0, 1) as keyof typeof KINDS]
  if (kind === undefined) return undefined
  const mailbox = message.subarray(1, 1 + ID_BYTES)
  const rest = message.subarray(1 + ID_BYTES)
  if (mailbox.length < ID_BYTES || rest.length !== (kind === 'released' ? ID_BYTES : 0)) return undefined
  return kind === 'released' ? { kind, mailbox: toMailboxId(mailbox), blob: toBlobId(rest) } : { kind, mailbox: toMailboxId(mailbox) }
}
