// One connection to one server. It is not mended: who finds it ended opens another, to whichever server is in charge by then.

import { createClient, RESP_TYPES } from '@redis/client'
import { REDIS_ANSWER_MS_MAX } from '../../limits.ts'

export type Reply = number | Buffer | string | boolean | null | Error | readonly Reply[]
export type Words = readonly (string | Buffer)[]
export type Server = { readonly host: string; readonly port: number }
/** What is the same for every server of a store. `answerMs`: how long one may take. Default: as in limits.ts. */
export type Access = { readonly username?: string; readonly password?: string; readonly tls: boolean; readonly answerMs?: number }

export type Connection = {
  readonly isOpen: boolean
  /** Words that are asked for in one turn leave together, and are answered in their order. Rejects when the server says no, or does not answer. */
  ask(words: Words): Promise<Reply>
  subscribe(channel: string, onMessage: (message: Buffer) => void): Promise<void>
  close(): void
}

export async function connectTo({ host, port }: Server, access: Access, onEnd: () => void = () => {}): Promise<Connection> {
  const { tls, answerMs = REDIS_ANSWER_MS_MAX, ...credentials } = access
  const client = createClient({
    ...credentials,
    // A server that went without a word shows in that it does not answer any more, also where one only listens to it.
    pingInterval: answerMs,
    socket: { host, port, connectTimeout: answerMs, socketTimeout: 2 * answerMs, reconnectStrategy: false, ...(tls ? { tls: true } : {}) },
    RESP: 2,
    disableOfflineQueue: true,
    disableClientInfo: true,
    maintNotifications: 'disabled',
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
  })
  let isOpen = true
  const end = (): void => {
    if (!isOpen) return
    isOpen = false
    if (client.isOpen) client.destroy()
    onEnd()
  }
  client.on('error', end)
  client.on('end', end)
  await client.connect()
  return {
    get isOpen() {
      return isOpen
    },
    async ask(words) {
      // One that hangs would hang for ever: the others on this connection wait behind it.
      const timer = setTimeout(end, answerMs)
      try {
        return (await client.sendCommand([...words])) as unknown as Reply
      } finally {
        clearTimeout(timer)
      }
    },
    async subscribe(channel, onMessage) {
      await client.subscribe(channel, onMessage, true)
    },
    close: end,
  }
}
