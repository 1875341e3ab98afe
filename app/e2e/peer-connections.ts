// What the page's WebRTC really does, read from the browser and not from the app: which servers it was given, which path it chose.

import type { Page } from '@playwright/test'

export type CandidatePair = { readonly local: string; readonly remote: string }
/**
 * `id` counts the page's connections in the order in which they were made. `bytesSent` counts what the connection sent over any pair: ICE
 * goes over to a better pair when it finds one, so the numbers of one pair say nothing about what went before.
 */
export type UpConnection = { readonly id: number; readonly selected: CandidatePair; readonly bytesSent: number }
export type IceSummary = {
  /** Every STUN or TURN address ever handed to a connection of this page. */
  readonly servers: readonly string[]
  readonly connections: readonly UpConnection[]
}

/** Runs in the page before the app: keeps every RTCPeerConnection that is made, and what it was made with. */
export function collectPeerConnections(): void {
  const Native = window.RTCPeerConnection
  if (Native === undefined) return
  const made: { connection: RTCPeerConnection; configuration: RTCConfiguration | undefined }[] = []
  Reflect.set(window, '__peerConnections', made)
  window.RTCPeerConnection = new Proxy(Native, {
    construct(target, args: [RTCConfiguration?], newTarget) {
      const connection = Reflect.construct(target, args, newTarget) as RTCPeerConnection
      made.push({ connection, configuration: args[0] })
      return connection
    },
  })
}

export async function readIce(page: Page): Promise<IceSummary> {
  return page.evaluate(async () => {
    const made = (Reflect.get(window, '__peerConnections') ?? []) as { connection: RTCPeerConnection; configuration?: RTCConfiguration }[]
    const servers = made.flatMap(({ configuration }) => (configuration?.iceServers ?? []).flatMap((server) => server.urls))
    const connections: { id: number; selected: { local: string; remote: string }; bytesSent: number }[] = []
    for (const [id, { connection }] of made.entries()) {
      if (connection.connectionState !== 'connected') continue
      const stats = new Map<string, Record<string, unknown>>()
      const report: { forEach(visit: (value: Record<string, unknown>, key: string) => void): void } = await connection.getStats()
      report.forEach((value, key) => stats.set(key, value))
      const transport = [...stats.values()].find((stat) => stat['type'] === 'transport')
      const pair = stats.get(String(transport?.['selectedCandidatePairId']))
      if (pair === undefined) continue
      const typeOf = (id: unknown): string => String(stats.get(String(id))?.['candidateType'])
      connections.push({
        id,
        selected: { local: typeOf(pair['localCandidateId']), remote: typeOf(pair['remoteCandidateId']) },
        bytesSent: Number(transport?.['bytesSent']),
      })
    }
    return { servers, connections }
  })
}
