// The credit window of a direct link (docs/protocol.md §6). WebRTC streams cannot slow their sender down, so the receiver grants bytes.

/** The other side used or granted more than it may. */
export class CreditError extends Error {
  override readonly name = 'CreditError'
  readonly code = 'credit'
}

/** What the sender may still send. */
export class SendCredit {
  private readonly windowBytes: number
  private outstanding = 0

  constructor(windowBytes: number) {
    this.windowBytes = windowBytes
  }

  allows(bytes: number): boolean {
    return this.outstanding + bytes <= this.windowBytes
  }

  use(bytes: number): void {
    this.outstanding += bytes
  }

  /** Throws {@link CreditError} when more comes back than was used. */
  granted(bytes: number): void {
    if (bytes === 0 || bytes > this.outstanding)
      throw new CreditError(`a credit of ${bytes} bytes for ${this.outstanding} outstanding ones`)
    this.outstanding -= bytes
  }
}

/** What the receiver has to hand back. */
export class ReceiveCredit {
  private readonly windowBytes: number
  private readonly grantBytes: number
  private owed = 0

  constructor(options: { readonly windowBytes: number; readonly grantBytes: number }) {
    this.windowBytes = options.windowBytes
    this.grantBytes = options.grantBytes
  }

  /** Throws {@link CreditError} when the sender exceeded its window. */
  received(bytes: number): void {
    if (this.owed + bytes > this.windowBytes) throw new CreditError('the sender exceeded its credit')
    this.owed += bytes
  }

  /** The portion to grant now, or 0. */
  take(): number {
    if (this.owed < this.grantBytes) return 0
    const portion = this.owed
    this.owed = 0
    return portion
  }
}
