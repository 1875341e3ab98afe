// Reads QR codes out of pictures: by what the browser brings, else by a library in a thread of its own, which is fetched when it is first needed.

import { trustedScript } from '../../session/index.ts'
import { READ_MS_MAX } from './limits.ts'
// oxlint-disable-next-line import/default -- Vite makes the default export.
import decoderUrl from './qr-decoder.ts?worker&url'
import type { Decoded, ToDecode } from './decoding.ts'

export type CodeReader = {
  /** Takes the picture over. What its codes say, in no order; empty where none was found, undefined where what reads them could not be loaded. One at a time. */
  readonly read: (picture: ImageBitmap, sides: readonly number[]) => Promise<readonly string[] | undefined>
  readonly close: () => void
}

/** The browser's own, of which the DOM's types know nothing. */
type Detector = { readonly detect: (picture: ImageBitmap) => Promise<readonly { readonly rawValue: string }[]> }
type DetectorClass = {
  new (options: { readonly formats: readonly string[] }): Detector
  getSupportedFormats(): Promise<readonly string[]>
}
export type Thread = Pick<Worker, 'postMessage' | 'addEventListener' | 'removeEventListener' | 'terminate'>

const QR = 'qr_code'
const startThread = (): Thread => new Worker(trustedScript(decoderUrl), { type: 'module', name: 'kith-qr-decoder' })

export function createCodeReader(
  own = (globalThis as { readonly BarcodeDetector?: DetectorClass }).BarcodeDetector,
  start: () => Thread = startThread,
): CodeReader {
  let thread: Thread | undefined
  let detector: Promise<Detector | undefined> | undefined
  let number = 0
  let isClosed = false
  const letGo = (): void => {
    thread?.terminate()
    thread = undefined
  }
  const readBeside = async (picture: ImageBitmap, sides: readonly number[]): Promise<readonly string[] | undefined> => {
    thread ??= start()
    number += 1
    const found = await answered(thread, { number, picture, sides })
    if (typeof found !== 'string') return found
    // The next picture gets another.
    letGo()
    return found === 'hangs' ? [] : undefined
  }
  return {
    async read(picture, sides) {
      detector ??= openDetector(own)
      const found = await (await detector)?.detect(picture).catch(() => undefined)
      if (isClosed) picture.close()
      if (isClosed) return []
      if (found !== undefined) {
        picture.close()
        return found.map(({ rawValue }) => rawValue)
      }
      // What it brings does not work on this device: a part of its system is missing.
      detector = Promise.resolve(undefined)
      return readBeside(picture, sides)
    },
    close() {
      isClosed = true
      letGo()
    },
  }
}

async function openDetector(own: DetectorClass | undefined): Promise<Detector | undefined> {
  try {
    return own !== undefined && (await own.getSupportedFormats()).includes(QR) ? new own({ formats: [QR] }) : undefined
  } catch {
    return undefined // As good as having none: the library reads instead.
  }
}

function answered(thread: Thread, asked: ToDecode): Promise<readonly string[] | 'hangs' | 'not-loaded'> {
  return new Promise((resolve) => {
    const end = (texts: readonly string[] | 'hangs' | 'not-loaded'): void => {
      clearTimeout(timer)
      thread.removeEventListener('message', hear)
      thread.removeEventListener('error', fail)
      resolve(texts)
    }
    const hear = ({ data }: MessageEvent<Decoded>): void => {
      if (data.number === asked.number) end(data.texts)
    }
    const fail = (): void => end('not-loaded')
    const timer = setTimeout(() => end('hangs'), READ_MS_MAX)
    thread.addEventListener('message', hear as EventListener)
    thread.addEventListener('error', fail)
    thread.postMessage(asked, [asked.picture])
  })
}
