// What other apps share with Kith (the `share_target` of the manifest): a form that the browser posts to a page. It is kept in this worker's memory and
// nowhere else, under a name that only the page it is answered with hears, for minutes and for one reading. Whoever posts, any page on the web included,
// gets a person to choose a chat, and nothing is sent or stored before they do.

import {
  POSTED_BYTES_MAX,
  SHARE_MS_MAX,
  SHARED_BYTES_MAX,
  SHARED_FILES_MAX,
  SHARED_TEXT_LENGTH_MAX,
  SHARES_KEPT_MAX,
} from '../features/limits.ts'
import { isBlank } from '../features/visible.ts'

/** What a page is told: what was shared, or that it was too much. */
export type Shared = { readonly text: string; readonly files: readonly File[] } | 'too-much'

export const SHARE_PATH = '/share'

type Parts = { readonly origin: string; readonly newName?: () => string; readonly now?: () => number }

export function createShares({ origin, newName = () => crypto.randomUUID(), now = Date.now }: Parts) {
  const kept = new Map<string, { readonly shared: Shared; readonly at: number }>()

  const forgetOld = (): void => {
    for (const [name, { at }] of kept) if (now() - at > SHARE_MS_MAX || kept.size > SHARES_KEPT_MAX) kept.delete(name)
  }
  return {
    /** A whole page is asked for: no frame, and nothing that a script fetches. */
    isShare({ method, mode, destination, url }: Pick<Request, 'method' | 'mode' | 'destination' | 'url'>): boolean {
      const { pathname, origin: asked } = new URL(url)
      return method === 'POST' && mode === 'navigate' && destination === 'document' && asked === origin && pathname === SHARE_PATH
    },
    async take(request: Posted): Promise<Response> {
      const name = newName()
      const shared = await toForm(request)
        .then((form) => (form === undefined ? 'too-much' : toShared(form)))
        .catch((): Shared => ({ text: '', files: [] }))
      kept.set(name, { shared, at: now() })
      forgetOld()
      return Response.redirect(`${origin}/#shared/${name}`, 303)
    },
    /** Once; undefined where it is not here any more. */
    give(name: unknown): Shared | undefined {
      forgetOld()
      if (typeof name !== 'string') return undefined
      const found = kept.get(name)?.shared
      kept.delete(name)
      return found
    },
  }
}

type Posted = Pick<Request, 'formData' | 'headers' | 'body'>

/** Undefined where it is longer than what is taken: that is not read to its end, and not at all where it says so itself. */
async function toForm(request: Posted): Promise<FormData | undefined> {
  const said = request.headers.get('content-length')
  if (said !== null) return Number(said) > POSTED_BYTES_MAX ? undefined : request.formData()
  if (request.body === null || request.body === undefined) return request.formData()
  let bytes = 0
  const counted = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      bytes += part.length
      if (bytes > POSTED_BYTES_MAX) controller.error(new RangeError('more than is taken'))
      else controller.enqueue(part)
    },
  })
  const type = request.headers.get('content-type') ?? ''
  const answer = new Response(request.body.pipeThrough(counted), { headers: { 'content-type': type } })
  return answer.formData().catch((error: unknown) => {
    if (bytes <= POSTED_BYTES_MAX) throw error
    return undefined
  })
}

/** Title, text and address below each other, each once. */
function toShared(form: FormData): Shared {
  const texts = ['title', 'text', 'url'].flatMap((field) => form.getAll(field).filter((value) => typeof value === 'string'))
  // A form says so that it has no file.
  const files = form.getAll('files').filter((value) => typeof value !== 'string' && (value.name !== '' || value.size > 0)) as File[]
  const length = texts.reduce((sum, text) => sum + text.length, 0)
  const bytes = files.reduce((sum, { size }) => sum + size, 0)
  if (length > SHARED_TEXT_LENGTH_MAX || files.length > SHARED_FILES_MAX || bytes > SHARED_BYTES_MAX) return 'too-much'
  const parts = texts.map((text) => text.trim()).filter((text) => !isBlank(text))
  const distinct = parts.filter(
    (text, at) => !parts.some((other, index) => index !== at && other.includes(text) && (other !== text || index < at)),
  )
  return { text: distinct.join('\n'), files }
}
