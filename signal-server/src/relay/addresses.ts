// How much the streams of one address may create together, so that opening many of them gains nothing. Whose address it is, the caller knows.

import { ADDRESSES_REMEMBERED_MAX } from '../limits.ts'
import { createBucket } from './rates.ts'
import type { Rate } from '../limits.ts'
import type { Bucket } from './rates.ts'

export type AddressRates = {
  /** Counts one creation and answers 0, or counts nothing and answers in how many milliseconds it may be asked for again. */
  take(address: string, now: number, count?: number): number
}

export function createAddressRates(rate: Rate): AddressRates {
  const buckets = new Map<string, Bucket>()
  return {
    take(address, now, count = 1) {
      const bucket = buckets.get(address) ?? createBucket(rate)
      // Put at the end, so that the first is the one that has been quiet for longest.
      buckets.delete(address)
      buckets.set(address, bucket)
      const [quietest] = buckets.keys()
      if (buckets.size > ADDRESSES_REMEMBERED_MAX && quietest !== undefined) buckets.delete(quietest)
      return bucket.take(now, count)
    },
  }
}
