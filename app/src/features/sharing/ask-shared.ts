// Has the service worker hand over what was shared. It comes from another app, or from any page that posted it: text that is cleaned, and files.

import { SHARE_GIVEN_MS_MAX } from '../limits.ts'
import { withoutMarks } from '../marks.ts'
import { isBlank } from '../visible.ts'
import type { Given } from './index.ts'

type Worker = Pick<ServiceWorker, 'postMessage'> | null | undefined

/** `gone`: the service worker was stopped meanwhile, or has handed it over before. */
export const askShared = (name: string, worker: Worker = navigator.serviceWorker?.controller): Promise<Given | 'too-much' | 'gone'> =>
  new Promise((resolve) => {
    if (!worker) return resolve('gone')
    const { port1, port2 } = new MessageChannel()
    const end = (answer: unknown): void => {
      clearTimeout(timer)
      port1.close()
      resolve(toGiven(answer))
    }
    const timer = setTimeout(end, SHARE_GIVEN_MS_MAX)
    port1.addEventListener('message', ({ data }) => end(data))
    port1.start()
    worker.postMessage({ kind: 'shared', name }, [port2])
  })

const toGiven = (answer: unknown): Given | 'too-much' | 'gone' => {
  if (answer === 'too-much') return answer
  const { text, files } = (answer ?? {}) as { readonly text?: unknown; readonly files?: unknown }
  if (typeof text !== 'string' || !Array.isArray(files)) return 'gone'
  const given = files.filter((file) => file instanceof File)
  // Of some texts nothing would be seen.
  const words = isBlank(text) ? '' : withoutMarks(text)
  return words === '' && given.length === 0 ? 'gone' : { text: words, files: given }
}
