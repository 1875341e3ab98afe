// One push to a push service, over HTTP. Follows no redirect: where a push may go was looked at when the device named it.

import { PUSH_ANSWER_MS_MAX } from '../limits.ts'
import type { Post } from './sender.ts'

export const createPost =
  (answerMs = PUSH_ANSWER_MS_MAX): Post =>
  async ({ url, headers, body }) => {
    const signal = AbortSignal.timeout(answerMs)
    const response = await fetch(url, { method: 'POST', headers, body: Buffer.from(body), redirect: 'manual', signal })
    // Nobody needs what it says, and it might never end.
    await response.body?.cancel()
    const seconds = Number(response.headers.get('retry-after') ?? NaN)
    return { status: response.status, retryAfterMs: Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : undefined }
  }
