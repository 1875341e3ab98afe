// Whether bytes begin as sound or film in a form that browsers play. A player is given nothing else, whatever a message says (docs/protocol.md §5.14).

/** Undefined for everything else. */
export function recordingIn(bytes: Uint8Array): 'webm' | 'ogg' | 'mp4' | undefined {
  const begins = (at: number, text: string): boolean =>
    Array.from(text).every((letter, index) => bytes[at + index] === letter.charCodeAt(0))
  if (begins(0, 'OggS')) return 'ogg'
  if (begins(4, 'ftyp')) return 'mp4'
  if (!begins(0, '\u001a\u0045\u00df\u00a3')) return undefined
  // Matroska has the same beginning, and holds whatever anybody put into it.
  for (let at = 4; at < HEADER_BYTES; at += 1) if (begins(at, DOCTYPE_WEBM)) return 'webm'
  return undefined
}

/** The header of a WebM file ends before. */
const HEADER_BYTES = 64
const DOCTYPE_WEBM = '\u0042\u0082\u0084webm'
