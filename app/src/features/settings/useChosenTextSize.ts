// Which size of text is chosen on this device, as the settings show it.

import { shallowReadonly, shallowRef } from 'vue'
import { keepTextSize, keptTextSize } from '../app/index.ts'

export const TEXT_SIZES = ['small', 'normal', 'large', 'larger'] as const
type TextSize = (typeof TEXT_SIZES)[number]

export const useChosenTextSize = () => {
  const chosen = shallowRef<TextSize>(TEXT_SIZES.find((size) => size === keptTextSize()) ?? 'normal')
  const choose = (size: TextSize): void => {
    keepTextSize(size)
    chosen.value = size
  }
  return { chosen: shallowReadonly(chosen), choose }
}
