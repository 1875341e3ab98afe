// The relay's address in the forms in which it is needed: for libp2p, for people, and in messages when it cannot be had.

import { isIPv6 } from 'node:net'
import type { Libp2p } from '@libp2p/interface'
import type { Config } from './config.ts'

export const addressOf = ({ host, port }: Config): string => `/${isIPv6(host) ? 'ip6' : 'ip4'}/${host}/tcp/${port}/ws`

/** What libp2p tells peers, instead of the addresses inside a container or behind a proxy. */
export function publicAddressOf(publicUrl: string): string {
  const { protocol, hostname, port } = new URL(publicUrl)
  const isSecure = protocol === 'https:'
  const name = hostname.startsWith('[') ? `/ip6/${hostname.slice(1, -1)}` : `/${/^[0-9.]+$/.test(hostname) ? 'ip4' : 'dns'}/${hostname}`
  return `${name}/tcp/${port || (isSecure ? 443 : 80)}${isSecure ? '/tls' : ''}/ws`
}

const ANY_HOST: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }

/** Where a browser on this machine finds the page. */
export function localUrlOf({ host }: Config, port: number): string {
  const name = ANY_HOST[host] ?? host
  return `http://${isIPv6(name) ? `[${name}]` : name}:${port}/`
}

/** The port that the node got. */
export function portOf(node: Libp2p): number {
  const listeners = (
    node as unknown as { components: { transportManager: { getListeners(): { getAddrs(): { toString(): string }[] }[] } } }
  ).components.transportManager
  const [address = ''] = listeners.getListeners().flatMap((listener) => listener.getAddrs().map(String))
  return Number(/\/tcp\/([0-9]+)/.exec(address)?.[1])
}

/** One line for the operator. libp2p gathers the errors of its listeners in one message, so the codes are looked for there. */
export function listenErrorOf({ host, port }: Config, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error)
  if (text.includes('EADDRINUSE'))
    return `port ${port} on ${host} is taken; stop what uses it, or set KITH_PORT to another port (0 picks a free one)`
  if (text.includes('EACCES')) return `not allowed to listen on port ${port}; set KITH_PORT to a port above 1023`
  if (text.includes('EADDRNOTAVAIL'))
    return `this machine has no address ${host}; set KITH_HOST to one it has, such as 127.0.0.1 or 0.0.0.0`
  return `cannot listen on ${host} port ${port}; look at KITH_HOST and KITH_PORT (${text.replaceAll(/\s+/g, ' ')})`
}
