// The links of one device: at most one is active. Dials, and decides when both sides dial at once (docs/protocol.md §6):
// the device with the smaller id is the chooser. It answers pings only on the link that it has chosen, so the pong tells the other side which
// one counts, and the two can never use different links. The chooser prefers the link that it opened itself.

import { DialPacing } from './dial-pacing.ts'
import { CANDIDATES_PER_PEER_MAX, DOUBT_MS, GLARE_MS_MAX, PROBE_MS_MAX, PROOF_MS_MAX, REDIAL_MS_FIRST, REDIAL_MS_SECOND } from './limits.ts'
import { DirectLink } from './direct-link.ts'
import { NetworkError } from '@kith/protocol'
import type { Connection, MessageStream, PeerId } from '@libp2p/interface'
import type { DeviceId, DirectPeer, Random } from '@kith/protocol'

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
  private readonly pacing: DialPacing
  private readonly candidates = new Set<Candidate>()
  /** Candidates that have answered and wait for the outcome of another one. */
  private readonly ready = new Set<Candidate>()
  private active: { readonly link: DirectLink; readonly connection: Connection; readonly since: number } | undefined
  private attempt: AbortController | undefined
  private closed = false

  constructor(peer: DirectPeer, peerId: PeerId, outside: PeerLinksOutside) {
    this.peer = peer
    this.device = peer.device
    this.peerId = peerId
    this.outside = outside
    this.isChooser = outside.self < peer.device
    this.pacing = new DialPacing({ random: outside.random, due: () => void this.tryOnce() })
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
    if (this.active === undefined && !this.closed) this.pacing.want()
  }

  /** Forgets the backoff. Tries now, if the device was wanted and not reached. */
  retry(): void {
    this.pacing.retry()
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
    link.start()
  }

  close(): void {
    this.closed = true
    this.attempt?.abort()
    this.pacing.stop()
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
    this.active = { link: chosen.link, connection: chosen.connection, since: Date.now() }
    this.attempt?.abort()
    for (const other of [...this.candidates]) this.forget(other).link.close()
    this.pacing.reached()
    chosen.link.open()
    this.outside.up(this)
    this.outside.changed(this)
  }

  private ended(candidate: Candidate): void {
    const active = this.active
    if (active?.link === candidate.link) {
      this.loseActive('ended')
      this.pacing.lost({ livedMs: Date.now() - active.since, redialMs: this.isChooser ? REDIAL_MS_FIRST : REDIAL_MS_SECOND })
    } else if (this.candidates.has(candidate)) {
      this.forget(candidate)
      if (candidate.link.opener === 'self') this.pacing.failed()
    }
    this.goOn()
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

  /** One attempt. Never rejects. */
  private async tryOnce(): Promise<void> {
    if (this.closed || this.isLinked || this.attempt !== undefined) return
    const attempt = new AbortController()
    this.attempt = attempt
    this.pacing.begun()
    try {
      const opened = await this.outside.open(this, attempt.signal)
      this.attempt = undefined
      if (attempt.signal.aborted || this.active !== undefined) opened.stream.abort(new Error('another link was chosen'))
      else this.add(opened, 'self')
    } catch {
      // Every reason means the same here: the device cannot be reached this way now. The relay carries messages meanwhile.
      this.attempt = undefined
      this.pacing.failed()
      this.goOn()
    }
    this.outside.changed(this)
  }

  /** With a link that waits for just this moment, else with the next attempt. */
  private goOn(): void {
    if (this.closed) return
    this.chooseReady()
    if (this.active === undefined) this.pacing.goOn()
  }
}
