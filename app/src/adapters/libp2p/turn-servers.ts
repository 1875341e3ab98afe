// The TURN servers that one relay names, for WebRTC connections that are about to begin: asked for when a stream has opened mailboxes there, again once half
// of their time is over, and given out only while they are good (docs/protocol.md §8.8).

import { isTurnUrl } from '@kith/protocol'
import { TURN_AGAIN_MS, TURN_MS_MAX, TURN_WAIT_MS_MAX } from './limits.ts'
import type { RelayAnswer, TurnCredentials } from '@kith/protocol'

type Parts = {
  readonly ask: () => Promise<RelayAnswer>
  /** Ms since 1970. */
  readonly now?: () => number
  /** Whether the browser takes them. */
  readonly isUsable?: (servers: RTCIceServer[]) => boolean
}

export class TurnServers {
  private readonly ask: Parts['ask']
  private readonly now: () => number
  private readonly isUsable: NonNullable<Parts['isUsable']>
  private servers: RTCIceServer[] = []
  private askedAt = -Infinity
  private againAt = -Infinity
  private overAt = -Infinity
  private asking: Promise<void> | undefined

  constructor({ ask, now = Date.now, isUsable = isTakenByBrowser }: Parts) {
    this.ask = ask
    this.now = now
    this.isUsable = isUsable
  }

  /** None where the relay names none. Never rejects. */
  async current(): Promise<RTCIceServer[]> {
    // A clock that was set back says nothing about how old they are.
    const now = this.now()
    if (now >= this.againAt || now < this.askedAt) await (this.asking ??= this.renew())
    return this.now() < this.overAt && this.now() >= this.askedAt ? this.servers : []
  }

  private async renew(): Promise<void> {
    const askedAt = this.now()
    // Whatever the reason, there will be another time.
    const answer = await this.ask().catch(() => undefined)
    this.asking = undefined
    if (askedAt < this.askedAt) this.overAt = -Infinity
    this.askedAt = askedAt
    // A relay that had forgotten the mailboxes has them made anew, and then it names its servers.
    this.againAt = askedAt + (answer?.kind === 'refused' && answer.reason === 'denied' ? 0 : TURN_AGAIN_MS)
    const servers = answer?.kind === 'turn' ? toServers(answer.credentials) : undefined
    if (answer?.kind !== 'turn' || servers === undefined || !this.isUsable(servers)) return
    const ms = Math.min(answer.credentials.seconds * 1_000, TURN_MS_MAX)
    this.servers = servers
    this.overAt = askedAt + ms
    this.againAt = askedAt + Math.max(ms / 2, TURN_AGAIN_MS)
  }
}

/** None where they take too long: a dial without them is better than a late one. */
export function inTime(servers: Promise<RTCIceServer[]>): Promise<RTCIceServer[]> {
  const late = new Promise<[]>((resolve) => setTimeout(() => resolve([]), TURN_WAIT_MS_MAX))
  return Promise.race([servers, late])
}

/** Undefined when a single one is anything else than a TURN server: such a relay has its own reasons. */
function toServers({ urls, username, credential }: TurnCredentials): RTCIceServer[] | undefined {
  if (urls.length === 0 || username === '' || credential === '' || !urls.every(isTurnUrl)) return undefined
  return [{ urls: [...urls], username, credential }]
}

/** What a browser refuses, it refuses by an error that would end every dial. */
function isTakenByBrowser(iceServers: RTCIceServer[]): boolean {
  try {
    new RTCPeerConnection({ iceServers }).close()
    return true
  } catch {
    return false // Its own way to say that an address is none.
  }
}
