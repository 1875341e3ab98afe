// A page's own line to the engine: a port, on which bytes are transferred and which nobody else hears. Where no port can be handed over, a
// BroadcastChannel of a name that only the two know stands in for it: the same to use, but everything is cloned.

import type { Join } from './channel.ts'

/** What both are. */
export type Line = {
  onmessage: ((event: MessageEvent<unknown>) => void) | null
  postMessage(message: unknown, transfer?: Transferable[]): void
  close(): void
}

export const namedLine = ({ client, engine, attempt }: Join): Line => new BroadcastChannel(`kith-line-${client}-${engine}-${attempt}`)

/** Hands a port to an engine; false when there is no way. Whether it arrived is known when the engine says something on it. */
export type HandOver = (join: Join, port: MessagePort, at: string | undefined) => boolean

/** The buffers of all bytes in plain data, to be transferred: whoever answers with bytes gives them away. */
export function buffersIn(value: unknown): ArrayBuffer[] {
  if (value instanceof Uint8Array) return value.buffer instanceof ArrayBuffer ? [value.buffer] : []
  return typeof value === 'object' && value !== null ? [...new Set(Object.values(value).flatMap(buffersIn))] : []
}
