// The links of one device: at most one is active. Paces dialling, and decides when both sides dial at once (docs/protocol.md §6):
// the device with the smaller id is the chooser. It answers pings only on the link that it has chosen, so the pong tells the other side which
// one counts, and the two can never use different links. The chooser prefers the link that it opened itself.

import { createBackoff, randomFraction } from './backoff.ts'
import {
  CANDIDATES_PER_PEER_MAX,
  DIAL_ATTEMPTS_MAX,
  DIAL_RETRY_MS_FIRST,
  DIAL_RETRY_MS_MAX,
  DOUBT_MS,
  GLARE_MS_MAX,
  PROOF_MS_MAX,
  PROBE_MS_MAX,
  REDIAL_MS_FIRST,
  REDIAL_MS_SECOND,
} from './limits.ts'
import { DirectLink } from './direct-link.ts'
import { NetworkError } from '@kith/protocol'
import type { Connection, MessageStream, PeerId } from '@libp2p/interface'
import type { DeviceId, DirectPeer, Random } from '@kith/protocol'
import type { Backoff } from './backoff.ts'

/** A sync stream after its handshake, and the connection below it. */
export type OpenedStream = { readonly stream: MessageStream; readonly connection: Connection }

export type PeerLinksOutside = {
  readonly self: DeviceId
  readonly random: Random
  /** Dials, opens a stream and runs the handshake; rejects when any of it fails. Waits its turn among the dials of other devices. */
  readonly open: (links: PeerLinks, signal: AbortSignal) => Promise<OpenedStream>
  readonly up: (links: PeerLinks) => void
  readonly down: (links: PeerLinks) => void
  readonly frame: (links: PeerLinks, frame: Uint8Array) => void
  /** A link of this device came or went: connections without a link may be closed. */
  readonly changed: (links: PeerLinks) => void
}

type Candidate = { readonly link: DirectLink; readonly connection: Connection; readonly expiry: ReturnType<typeof setTimeout> }

export class PeerLinks {
  readonly device: DeviceId
  readonly peerId: PeerId
  peer: DirectPeer
  private readonly outside: PeerLinksOutside
  private readonly isChooser: boolean
  private readonly backoff: Backoff
  private readonly candidates = new Set<Candidate>()
  /** Candidates that have answered and wait for the outcome of another one. */
  private readonly ready = new Set<Candidate>()
  private active: { readonly link: DirectLink; readonly connection: Connection } | undefined
  private attempt: AbortController | undefined
  private attemptsLeft = 0
  private isWanted = false
  private notBefore = 0
  private timer: ReturnType<typeof setTimeout> | undefined
  private closed = false

  constructor(peer: DirectPeer, peerId: PeerId, outside: PeerLinksOutside) {
    this.peer = peer
    this.device = peer.device
    this.peerId = peerId
    this.outside = outside
    this.isChooser = outside.self < peer.device
    this.backoff = createBackoff({ firstMs: DIAL_RETRY_MS_FIRST, maxMs: DIAL_RETRY_MS_MAX, random: outside.random })
  }

  /** A link is in use, or waits for its proof. */
  get isLinked(): boolean {
    return this.active !== undefined || this.candidates.size > 0
  }

  /** The connection below the link in use. */
  get activeConnection(): Connection | undefined {
    return this.active?.connection
  }

  get activeOpener(): 'self' | 'remote' | undefined {
    return this.active?.link.opener
  }

  uses(connection: Connection): boolean {
    return (
      this.active?.connection.id === connection.id || [...this.candidates].some((candidate) => candidate.connection.id === connection.id)
    )
  }

  /** Wanted: tries now, or when the backoff allows it, and a few times more. */
  dial(): void {
    if (this.active !== undefined) return
    this.isWanted = true
    this.attemptsLeft = DIAL_ATTEMPTS_MAX
    this.schedule()
  }

  /** Forgets the backoff. Tries now, if the device was wanted and not reached. */
  retry(): void {
    this.backoff.reset()
    this.notBefore = 0
    clearTimeout(this.timer)
    this.timer = undefined
    if (this.isWanted) this.dial()
  }

  probe(): void {
    this.active?.link.probe()
  }

  send(frame: Uint8Array): Promise<void> {
    return this.active?.link.send(frame) ?? Promise.reject(new NetworkError('disconnected', 'no direct link to this device'))
  }

  /** Takes a stream that this device opened or accepted, and waits for its proof. */
  add(opened: OpenedStream, opener: 'self' | 'remote'): void {
    if (this.closed || this.candidates.size >= CANDIDATES_PER_PEER_MAX) return opened.stream.abort(new Error('no room for another link'))
    const link: DirectLink = new DirectLink({
      stream: opened.stream,
      opener,
      answers: this.isChooser ? 'when-chosen' : 'at-once',
      listener: {
        answered: () => this.answered(candidate),
        frame: (frame) => this.outside.frame(this, frame),
        ended: () => this.ended(candidate),
      },
    })
    const expiry = setTimeout(() => this.drop(candidate), PROOF_MS_MAX)
    const candidate: Candidate = { link, connection: opened.connection, expiry }
    this.candidates.add(candidate)
  }

  close(): void {
    this.closed = true
    this.attempt?.abort()
    clearTimeout(this.timer)
    this.attemptsLeft = 0
    for (const candidate of [...this.candidates]) this.forget(candidate).link.close()
    this.loseActive('close')
  }

  // -------------------------------------------------------------------------------------------------------------- choice

  private answered(candidate: Candidate): void {
    if (!this.candidates.has(candidate)) return
    // The pong of the chooser is its choice.
    if (!this.isChooser) return this.choose(candidate)
    if (this.active === undefined && (candidate.link.opener === 'self' || !this.isTrying)) return this.choose(candidate)
    this.ready.add(candidate)
    if (this.active === undefined) setTimeout(() => this.chooseReady(), GLARE_MS_MAX)
    else this.doubtActive(candidate)
  }

  /** The other device opened a new link though one is active: it may have lost the old one without this side noticing. */
  private doubtActive(candidate: Candidate): void {
    this.active?.link.probe()
    setTimeout(() => this.drop(candidate), PROBE_MS_MAX + DOUBT_MS)
  }

  private chooseReady(): void {
    const [candidate] = this.ready
    if (candidate !== undefined && this.active === undefined) this.choose(candidate)
  }

  private get isTrying(): boolean {
    return this.attempt !== undefined || [...this.candidates].some(({ link }) => link.opener === 'self')
  }

  private choose(chosen: Candidate): void {
    this.forget(chosen)
    this.loseActive('close')
    this.active = { link: chosen.link, connection: chosen.connection }
    this.attempt?.abort()
    for (const other of [...this.candidates]) this.forget(other).link.close()
    this.backoff.reset()
    this.notBefore = 0
    this.isWanted = false
    this.attemptsLeft = 0
    clearTimeout(this.timer)
    this.timer = undefined
    chosen.link.open()
    this.outside.up(this)
    this.outside.changed(this)
  }

  private ended(candidate: Candidate): void {
    if (this.active?.link === candidate.link) {
      this.loseActive('ended')
      this.notBefore = Date.now() + (this.isChooser ? REDIAL_MS_FIRST : REDIAL_MS_SECOND) * (1 + randomFraction(this.outside.random))
      this.isWanted = true
      this.attemptsLeft = DIAL_ATTEMPTS_MAX
      this.goOn()
    } else if (this.candidates.has(candidate)) {
      this.forget(candidate)
      if (candidate.link.opener === 'self') this.failed()
      else this.goOn()
    }
    this.outside.changed(this)
  }

  private drop(candidate: Candidate): void {
    if (!this.candidates.has(candidate)) return
    candidate.link.close()
    this.ended(candidate)
  }

  private forget(candidate: Candidate): Candidate {
    this.candidates.delete(candidate)
    this.ready.delete(candidate)
    clearTimeout(candidate.expiry)
    return candidate
  }

  private loseActive(how: 'close' | 'ended'): void {
    const lost = this.active
    if (lost === undefined) return
    this.active = undefined
    if (how === 'close') lost.link.close()
    this.outside.down(this)
  }

  // ------------------------------------------------------------------------------------------------------------- dialling

  private schedule(): void {
    if (this.closed || this.timer !== undefined || this.attempt !== undefined) return
    this.timer = setTimeout(
      () => {
        this.timer = undefined
        void this.tryOnce()
      },
      Math.max(this.notBefore - Date.now(), 0),
    )
  }

  /** One attempt. Never rejects. */
  private async tryOnce(): Promise<void> {
    if (this.closed || this.isLinked) return
    const attempt = new AbortController()
    this.attempt = attempt
    this.attemptsLeft -= 1
    try {
      const opened = await this.outside.open(this, attempt.signal)
      this.attempt = undefined
      if (attempt.signal.aborted || this.active !== undefined) opened.stream.abort(new Error('another link was chosen'))
      else this.add(opened, 'self')
    } catch {
      // Every reason means the same here: the device cannot be reached this way now. The relay carries messages meanwhile.
      this.attempt = undefined
      this.failed()
    }
    this.outside.changed(this)
  }

  private failed(): void {
    if (this.closed || this.active !== undefined) return
    this.notBefore = Date.now() + this.backoff.next()
    this.goOn()
  }

  /** With a link that waits for just this moment, else with the next attempt. */
  private goOn(): void {
    this.chooseReady()
    if (this.active === undefined && this.attemptsLeft > 0) this.schedule()
  }
}
