// A video as it is sent: what its camera wrote beside picture and sound is taken out where that can be done, and one of its pictures stands for it until
// it is here.

import type { Video } from '@kith/protocol'
import { cleanFilm } from './clean-film.ts'
import { POSTER_WAIT_MS, POSTER_SIDE } from './limits.ts'
import { toPhoto } from './prepare-photo.ts'
import { heard, untilSeekable } from './seekable.ts'
import type { PreparedPhoto } from './prepare-photo.ts'

/** `blob`: the file itself where nothing was taken out. `isWhole`: false where not all of it could be. */
export type PreparedVideo = {
  readonly blob: Blob
  readonly isWhole: boolean
  readonly video: Omit<Video, 'hasPoster'>
  readonly poster: PreparedPhoto
}

/** Undefined for whatever this browser does not play as a film: it goes as a file. */
export async function prepareVideo(file: File): Promise<PreparedVideo | undefined> {
  if (!(await mayBeFilm(file))) return undefined
  const url = URL.createObjectURL(file)
  const film = document.createElement('video')
  try {
    Object.assign(film, { muted: true, playsInline: true, preload: 'auto', src: url })
    const found = await Promise.race([firstPicture(film), new Promise<undefined>((resolve) => setTimeout(resolve, POSTER_WAIT_MS))])
    if (found === undefined) return undefined
    const poster = await toPhoto(found, POSTER_SIDE)
    const video = {
      width: film.videoWidth,
      height: film.videoHeight,
      thumbhash: poster.photo.thumbhash,
      duration: Math.max(1, Math.round(film.duration * 1_000)),
    }
    return { ...((await cleanFilm(file)) ?? { blob: file, isWhole: false }), video, poster }
  } finally {
    film.removeAttribute('src')
    film.load()
    URL.revokeObjectURL(url)
  }
}

/** As the receiver looks at it: by how it begins. */
async function mayBeFilm(file: File): Promise<boolean> {
  const head = String.fromCharCode(...new Uint8Array(await file.slice(0, 64).arrayBuffer()))
  return head.slice(4, 8) === 'ftyp' || (head.startsWith('\u001aE\u00df\u00a3') && head.includes('webm'))
}

async function firstPicture(film: HTMLVideoElement): Promise<ImageBitmap | undefined> {
  await untilSeekable(film)
  if (film.error !== null || film.videoWidth === 0 || !(film.duration > 0)) return undefined
  const sought = heard(film, 'seeked')
  // The first of all is often black.
  film.currentTime = Math.min(1, film.duration / 3)
  await sought
  await heard(film, 'loadeddata', () => film.readyState >= HTMLMediaElement.HAVE_CURRENT_DATA)
  return film.error === null ? createImageBitmap(film) : undefined
}
