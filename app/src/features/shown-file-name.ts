// The name of a file as it is shown: whoever chose it may be hostile.

import { FILE_NAME_LENGTH_MAX } from './limits.ts'

const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Surrogate}]/gu

export const withoutHidden = (name: string): string => name.replace(HIDDEN, '').trim()

/** Nothing hidden, no direction marks that would show another ending than it has. */
export const toShownFileName = (name: string): string => withoutHidden(name).slice(0, FILE_NAME_LENGTH_MAX)
