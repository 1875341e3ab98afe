// When a device is dialled: at once when it is first wanted, then at growing distances, a bounded number of times per wish.

import { createBackoff, randomFraction } from './backoff.ts'
import { DIAL_ATTEMPTS_MAX, DIAL_RETRY_MS_FIRST, DIAL_RETRY_MS_MAX, LINK_SETTLED_MS } from './limits.ts'
import type { Random } from '@kith/protocol'
import type { Backoff } from './backoff.ts'

export type DialPacingOptions = {
  readonly random: Random
  /** Time for an attempt; it tells with `begun` that it takes place. */
  readonly due: () => void
}

export class DialPacing {
  private readonly options: DialPacingOptions
  private readonly backoff: Backoff
  private isWanted = false
  private attemptsLeft = 0
  private notBefore = 0
  private timer: ReturnType<typeof setTimeout> | undefined

  constructor(options: DialPacingOptions) {
    this.options = options
    this.backoff = createBackoff({ firstMs: DIAL_RETRY_MS_FIRST, maxMs: DIAL_RETRY_MS_MAX, random: options.random })
  }

  want(): void {
    this.isWanted = true
    this.attemptsLeft = DIAL_ATTEMPTS_MAX
    this.goOn()
  }

  /** Forgets the backoff. Tries now, if the device was wanted and not reached. */
  retry(): void {
    this.backoff.reset()
    this.notBefore = 0
    this.unschedule()
    if (this.isWanted) this.want()
  }

  begun(): void {
    this.attemptsLeft -= 1
  }

  failed(): void {
    this.notBefore = Date.now() + this.backoff.next()
  }

  reached(): void {
    this.stop()
    this.notBefore = 0
  }

  /** A link that lived is missed at once; one that ends as soon as it begins is not worth hurrying. */
  lost(link: { readonly livedMs: number; readonly redialMs: number }): void {
    if (link.livedMs >= LINK_SETTLED_MS) {
      this.backoff.reset()
      this.notBefore = Date.now() + link.redialMs * (1 + randomFraction(this.options.random))
    } else {
      this.failed()
    }
    this.isWanted = true
    this.attemptsLeft = DIAL_ATTEMPTS_MAX
  }

  /** Sets the timer of the next attempt, if any is left. */
  goOn(): void {
    if (this.timer !== undefined || this.attemptsLeft <= 0) return
    const delay = Math.max(this.notBefore - Date.now(), 0)
    this.timer = setTimeout(() => {
      this.timer = undefined
      this.options.due()
    }, delay)
  }

  stop(): void {
    this.unschedule()
    this.isWanted = false
    this.attemptsLeft = 0
  }

  private unschedule(): void {
    clearTimeout(this.timer)
    this.timer = undefined
  }
}
