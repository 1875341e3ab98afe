// Which pair of ICE candidates a direct connection runs over, for diagnostics: `host`, `srflx`, `prflx`, or `relay` (TURN).

import type { Connection } from '@libp2p/interface'

export type IcePair = { readonly local: string; readonly remote: string }

/** Undefined when the browser does not say. */
export async function selectedIcePair(connection: Connection): Promise<IcePair | undefined> {
  // libp2p keeps the browser's object to itself. Only this diagnosis looks for it, and does without where it is not found.
  const { maConn } = connection as unknown as { readonly maConn?: { readonly peerConnection?: RTCPeerConnection } }
  const report = await maConn?.peerConnection?.getStats()
  if (report === undefined) return undefined
  const entries = new Map<string, Record<string, unknown>>()
  report.forEach((entry: Record<string, unknown>, id: string) => entries.set(id, entry))
  const transport = [...entries.values()].find((entry) => entry['type'] === 'transport')
  const pair = entries.get(String(transport?.['selectedCandidatePairId']))
  const local = entries.get(String(pair?.['localCandidateId']))?.['candidateType']
  const remote = entries.get(String(pair?.['remoteCandidateId']))?.['candidateType']
  return typeof local === 'string' && typeof remote === 'string' ? { local, remote } : undefined
}
