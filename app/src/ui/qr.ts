// A text as one SVG path of dark modules, drawn row by row in runs.

import { encode } from 'uqr'

export type QrShape = { readonly size: number; readonly path: string }

const QUIET_MODULES = 3

export const toQrShape = (text: string): QrShape => {
  const { data, size } = encode(text, { ecc: 'L', border: QUIET_MODULES })
  let path = ''
  data.forEach((row, y) => {
    let start = -1
    for (let x = 0; x <= row.length; x += 1) {
      const dark = row[x] === true
      if (dark && start < 0) start = x
      if (!dark && start >= 0) {
        path += `M${start} ${y}h${x - start}v1h${start - x}z`
        start = -1
      }
    }
  })
  return { size, path }
}
