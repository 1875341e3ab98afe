// The built page on disk: finds the file of a URL path, never outside its folder, with its compressed forms, which the build has laid beside it.

import { createHash } from 'node:crypto'
import { readFile, realpath, stat } from 'node:fs/promises'
import { extname, join, sep } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants, gunzip, gzip } from 'node:zlib'
import { PAGE_FILE_BYTES_MAX, PAGE_FILES_CACHED_MAX } from '../limits.ts'
import type { Encoding } from './encodings.ts'

export type PageFile = {
  readonly type: string
  /** Another one for each encoding: their bytes differ. */
  etag(encoding: Encoding): string
  /** The bytes in this encoding, or undefined when compressing does not pay for this kind of file. */
  encoded(encoding: Encoding): Promise<Buffer> | undefined
}
export type PageFiles = {
  find(path: string): Promise<PageFile | undefined>
  /** True when there is a page to serve at all. */
  exists(): Promise<boolean>
}

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.map': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.webp': 'image/webp',
  '.avif': 'image/avif',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.wasm': 'application/wasm',
  '.txt': 'text/plain; charset=utf-8',
  '.mp3': 'audio/mpeg',
  '.ogg': 'audio/ogg',
}
/** What lies beside a file is not one itself. */
const FORMS: ReadonlySet<string> = new Set(['.br', '.gz'])
const COMPRESSED_ALREADY: ReadonlySet<string> = new Set(['.png', '.jpg', '.webp', '.avif', '.woff2', '.mp3', '.ogg'])
const BROTLI_QUALITY = 9
const toBrotli = promisify(brotliCompress)
const fromBrotli = promisify(brotliDecompress)
const toGzip = promisify(gzip)
const fromGzip = promisify(gunzip)

type Cached = { readonly modified: number; readonly size: number; readonly file: PageFile }

export function createPageFiles(folder: string): PageFiles {
  const cache = new Map<string, Cached>()
  const find = async (path: string): Promise<PageFile | undefined> => {
    const name = await fileNameOf(folder, path)
    if (name === undefined) return undefined
    const { mtimeMs, size } = await stat(name)
    const old = cache.get(name)
    // A page that was built anew is served anew, without a restart.
    if (old?.modified === mtimeMs && old.size === size) return old.file
    const file = toPageFile(await readFile(name), name)
    if (cache.size < PAGE_FILES_CACHED_MAX || cache.has(name)) cache.set(name, { modified: mtimeMs, size, file })
    return file
  }
  return { find, exists: async () => (await find('/index.html')) !== undefined }
}

/** The real name of a regular file under `folder`, or undefined. */
async function fileNameOf(folder: string, path: string): Promise<string | undefined> {
  const parts = decodePath(path)
  if (!parts) return undefined
  try {
    const root = await realpath(folder)
    const name = await realpath(join(root, ...parts))
    // After realpath, so that no link leads out of the folder either.
    if (!name.startsWith(root + sep)) return undefined
    const found = await stat(name)
    return found.isFile() && found.size <= PAGE_FILE_BYTES_MAX && !FORMS.has(extname(name)) ? name : undefined
  } catch (error) {
    if (isAbsent(error)) return undefined
    throw error
  }
}

const isAbsent = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && ['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'EACCES', 'ELOOP'].includes(String(error.code))

function decodePath(path: string): readonly string[] | undefined {
  try {
    const parts = path
      .split('/')
      .filter((part) => part !== '')
      .map(decodeURIComponent)
    const isPlain = parts.every((part) => !part.startsWith('.') && !/[/\\\0]/.test(part))
    return parts.length > 0 && isPlain ? parts : undefined
  } catch {
    // Not a valid percent encoding, and so the name of no file.
    return undefined
  }
}

function toPageFile(bytes: Buffer, name: string): PageFile {
  const extension = extname(name)
  const variants: Partial<Record<Encoding, Promise<Buffer>>> = { identity: Promise.resolve(bytes) }
  const digest = createHash('sha256').update(bytes).digest('base64url').slice(0, 22)
  return {
    type: TYPES[extension] ?? 'application/octet-stream',
    etag: (encoding) => (encoding === 'identity' ? `"${digest}"` : `"${digest}-${encoding}"`),
    encoded(encoding) {
      if (encoding !== 'identity' && COMPRESSED_ALREADY.has(extension)) return undefined
      variants[encoding] ??= encoding === 'br' ? brotliOf(bytes, name) : gzipOf(bytes, name)
      return variants[encoding]
    },
  }
}

const brotliOf = async (bytes: Buffer, name: string): Promise<Buffer> =>
  (await formBeside(`${name}.br`, bytes, fromBrotli)) ?? toBrotli(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: BROTLI_QUALITY } })
const gzipOf = async (bytes: Buffer, name: string): Promise<Buffer> => (await formBeside(`${name}.gz`, bytes, fromGzip)) ?? toGzip(bytes)

type Unpack = (packed: Buffer, options: { readonly maxOutputLength: number }) => Promise<Buffer>

/** Undefined unless it holds the same bytes: times of files tell nothing once a folder was copied. */
async function formBeside(name: string, bytes: Buffer, unpack: Unpack): Promise<Buffer | undefined> {
  try {
    if ((await stat(name)).size > PAGE_FILE_BYTES_MAX) return undefined
    const packed = await readFile(name)
    return (await unpack(packed, { maxOutputLength: Math.max(1, bytes.length) })).equals(bytes) ? packed : undefined
  } catch {
    // It is not there, cannot be read, or is something else: then it is made.
    return undefined
  }
}
