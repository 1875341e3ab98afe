// Files put into one, as they are (APPNOTE 6.3.10, method 0): what is in them is known when the last of them is written, so their heads are made then.

const LOCAL_HEAD = 0x04034b50
const DIRECTORY_HEAD = 0x02014b50
const DIRECTORY_END = 0x06054b50
const VERSION = 20
/** Names are UTF-8. */
const FLAGS = 0x0800
const POLYNOMIAL = 0xedb88320

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit += 1) sum = (sum & 1) === 1 ? (sum >>> 1) ^ POLYNOMIAL : sum >>> 1
  return sum
})

/** CRC-32 of `bytes` behind what had `before`. */
export function crc32(bytes: Uint8Array, before = 0): number {
  let sum = ~before
  for (const byte of bytes) sum = (TABLE[(sum ^ byte) & 0xff] as number) ^ (sum >>> 8)
  return ~sum >>> 0
}

type ZipFile = {
  readonly name: string
  readonly add: (text: string) => void
  readonly done: () => { readonly parts: readonly BlobPart[]; readonly size: number; readonly sum: number }
}

/** A file that is written part by part, each of which the browser may keep outside of the page's memory. */
export function createZipFile(name: string): ZipFile {
  const encoder = new TextEncoder()
  const parts: Blob[] = []
  let [size, sum] = [0, 0]
  return {
    name,
    add(text) {
      const bytes = encoder.encode(text)
      parts.push(new Blob([bytes]))
      size += bytes.length
      sum = crc32(bytes, sum)
    },
    done: () => ({ parts, size, sum }),
  }
}

export function zip(files: readonly ZipFile[], at: Date): Blob {
  const parts: BlobPart[] = []
  const directory: BlobPart[] = []
  let [offset, directorySize] = [0, 0]
  for (const { name: text, done } of files) {
    const name = new TextEncoder().encode(text)
    const { parts: inside, size, sum } = done()
    const about = fields(
      [2, VERSION],
      [2, FLAGS],
      [2, 0],
      [2, timeOf(at)],
      [2, dayOf(at)],
      [4, sum],
      [4, size],
      [4, size],
      [2, name.length],
    )
    const head = concatBytes(fields([4, LOCAL_HEAD]), about, fields([2, 0]), name)
    const row = concatBytes(
      fields([4, DIRECTORY_HEAD], [2, VERSION]),
      about,
      fields([2, 0], [2, 0], [2, 0], [2, 0], [4, 0], [4, offset]),
      name,
    )
    parts.push(head, ...inside)
    directory.push(row)
    offset += head.length + size
    directorySize += row.length
  }
  const { length } = files
  const end = fields([4, DIRECTORY_END], [2, 0], [2, 0], [2, length], [2, length], [4, directorySize], [4, offset], [2, 0])
  return new Blob([...parts, ...directory, end], { type: 'application/zip' })
}

function fields(...values: readonly (readonly [bytes: 2 | 4, value: number])[]): Uint8Array<ArrayBuffer> {
  const view = new DataView(new ArrayBuffer(values.reduce((sum, [bytes]) => sum + bytes, 0)))
  let at = 0
  for (const [bytes, value] of values) {
    if (bytes === 2) view.setUint16(at, value, true)
    else view.setUint32(at, value, true)
    at += bytes
  }
  return new Uint8Array(view.buffer)
}

function concatBytes(...parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
}

const timeOf = (at: Date): number => (at.getHours() << 11) | (at.getMinutes() << 5) | (at.getSeconds() >> 1)
const dayOf = (at: Date): number => (Math.max(0, at.getFullYear() - 1980) << 9) | ((at.getMonth() + 1) << 5) | at.getDate()
