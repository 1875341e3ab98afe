// Whether a request shows the token that opens /metrics.

import { timingSafeEqual } from 'node:crypto'
import { hashNative } from './key.ts'

/** Compared as hashes, so that the time it takes says nothing about the token. */
export const isBearer = (header: string | undefined, token: string): boolean =>
  timingSafeEqual(hashNative(Buffer.from(header ?? '')), hashNative(Buffer.from(`Bearer ${token}`)))
