// How many connections one address may have open, and whose address counts: that of the socket, or the one that the operator's reverse
// proxy names. Whoever has as many as may be is told so before anything is computed for it (docs/protocol.md §8).

import { isIP, isIPv6 } from 'node:net'
import { ADDRESS_PAGE_SOCKETS_MAX, ADDRESS_RETRY_MS } from '../limits.ts'
import { toNetworks } from '../networks.ts'
import type { IncomingMessage } from 'node:http'
import type { Socket } from 'node:net'
import type { Duplex } from 'node:stream'
import type { RelayRefusal } from '@kith/protocol'

/** `last`: the last address in X-Forwarded-For is the proxy's own word; all before it is the visitor's, and worth nothing. */
export type ForwardedFor = 'ignore' | 'last'
export type CrowdOptions = {
  readonly connectionsMax: number
  readonly forwardedFor: ForwardedFor
  /** Addresses and networks whose word counts with `last`: of others the header is what a visitor wrote. Default: {@link NEAR}. */
  readonly proxies?: readonly string[]
  readonly onRefused: () => void
  /** An address began more handshakes than it may. */
  readonly onTooFast?: () => void
  /** Addresses that the operator lets in no more. */
  readonly isBlocked?: (address: string) => boolean
}
export type Crowd = {
  addressOf(request: IncomingMessage): string
  /** False when the socket's address has no room for another one. Each counts until it closes. */
  admitSocket(socket: Socket): boolean
  admitConnection(address: string, socket: Duplex): boolean
}

/** This machine and private networks: a proxy stands beside the relay, or in the same network. */
export const NEAR: readonly string[] = [
  '127.0.0.0/8',
  '::1',
  '10.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '169.254.0.0/16',
  'fc00::/7',
  'fe80::/10',
]

export function createCrowd({ connectionsMax, forwardedFor, proxies = NEAR, onRefused, isBlocked = () => false }: CrowdOptions): Crowd {
  const trusted = toNetworks(forwardedFor === 'last' ? proxies : [])
  const sockets = createTally(connectionsMax + ADDRESS_PAGE_SOCKETS_MAX)
  const connections = createTally(connectionsMax)
  const noticed = (isAdmitted: boolean): boolean => {
    if (!isAdmitted) onRefused()
    return isAdmitted
  }
  return {
    addressOf(request) {
      const own = request.socket.remoteAddress ?? ''
      return trusted.has(own) ? (forwardedBy(request) ?? own) : own
    },
    // Behind a proxy all sockets are the proxy's, and it decides how many there are.
    admitSocket: (socket) =>
      trusted.has(socket.remoteAddress ?? '') ||
      (!isBlocked(socket.remoteAddress ?? '') && noticed(sockets(groupOf(socket.remoteAddress ?? ''), socket))),
    admitConnection: (address, socket) => !isBlocked(address) && noticed(connections(groupOf(address), socket)),
  }
}

/** A header that comes several times counts as one list. */
function forwardedBy({ headersDistinct }: IncomingMessage): string | undefined {
  const last = headersDistinct['x-forwarded-for']?.join(',').split(',').at(-1)?.trim() ?? ''
  return isIP(last) === 0 ? undefined : last
}

/** Counts open sockets by a key, and admits no more than `max` of one. */
function createTally(max: number): (key: string, socket: Duplex) => boolean {
  const counts = new Map<string, number>()
  return (key, socket) => {
    // It will not say any more that it closes, and takes no room.
    if (socket.destroyed) return true
    const count = counts.get(key) ?? 0
    if (count >= max) return false
    counts.set(key, count + 1)
    socket.once('close', () => {
      const left = (counts.get(key) ?? 1) - 1
      if (left > 0) counts.set(key, left)
      else counts.delete(key)
    })
    return true
  }
}

/** What counts as one address: an IPv4 address, or the /64 of an IPv6 address. */
export function groupOf(address: string): string {
  const [, mapped] = /^::ffff:([0-9.]+)$/i.exec(address) ?? []
  if (mapped !== undefined) return mapped
  if (!isIPv6(address)) return address
  const [before = '', after = ''] = (address.split('%')[0] ?? '').split('::')
  const groups = (text: string): readonly string[] => text.split(':').filter((group) => group !== '')
  const zeros = Array.from({ length: 8 - groups(before).length - groups(after).length }, () => '0')
  const network = [...groups(before), ...zeros, ...groups(after)].slice(0, 4)
  return `${network.map((group) => Number.parseInt(group, 16).toString(16)).join(':')}::/64`
}

/** The relay's own words for a refusal, where there is no stream yet to say them on. */
export function refuseUpgrade(socket: Duplex): void {
  const refusal: { readonly refused: RelayRefusal; readonly retryMs: number } = { refused: 'too-many', retryMs: ADDRESS_RETRY_MS }
  const body = `${JSON.stringify(refusal)}\n`
  const head = [
    'HTTP/1.1 429 Too Many Requests',
    `Retry-After: ${ADDRESS_RETRY_MS / 1_000}`,
    'Content-Type: application/json',
    `Content-Length: ${body.length}`,
    'Connection: close',
  ]
  socket.once('finish', () => socket.destroy())
  socket.on('error', () => socket.destroy())
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`)
}
