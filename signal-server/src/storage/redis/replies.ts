// What a server answers, as the type that was asked for.

import type { Reply } from './connection.ts'

export const textOf = (reply: Reply | undefined): string => (Buffer.isBuffer(reply) ? reply.toString('utf8') : String(reply ?? ''))
export const listOf = (reply: Reply | undefined): readonly Reply[] => (Array.isArray(reply) ? (reply as readonly Reply[]) : [])
/** As an array of its own: what the connection gave us may be a part of something larger. */
export const bytesOf = (reply: Reply | undefined): Uint8Array => (Buffer.isBuffer(reply) ? new Uint8Array(reply) : new Uint8Array())
