// Looks for texts in the files of a browser profile, as somebody would who found the device.

import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** The files below the folder that hold one of the texts in the clear, in either of the encodings that browsers write; `file: text`. */
export async function filesContaining(folder: string, texts: readonly string[]): Promise<readonly string[]> {
  const needles = texts.flatMap((text) => (['utf8', 'utf16le'] as const).map((encoding) => ({ text, bytes: Buffer.from(text, encoding) })))
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const found = new Set<string>()
  for (const entry of entries.filter((one) => one.isFile())) {
    const path = join(entry.parentPath, entry.name)
    const content = await readFile(path)
    for (const { text, bytes } of needles) if (content.includes(bytes)) found.add(`${path}: ${text}`)
  }
  return [...found]
}
